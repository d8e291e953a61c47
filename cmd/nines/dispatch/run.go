package dispatch

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

const (
	maxOutput = 4 << 10         // of a command is kept
	waitDelay = 2 * time.Second // for who still holds the output of a command that was killed
)

// Runner runs commands. They have the environment of the program, without the variables
// that hold secrets for hosts.
type Runner struct{ Secrets []string }

// Run runs a command, and kills it when ctx ends. Its errors are those of package exec.
func (r Runner) Run(ctx context.Context, argv []string, stdin []byte) ([]byte, error) {
	var out capped
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains(r.Secrets, name)
	})
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &out, &out
	cmd.WaitDelay = waitDelay
	err := cmd.Run()
	return out.text, err
}

// capped keeps the first bytes of what is written.
type capped struct{ text []byte }

// Write takes all of p.
func (c *capped) Write(p []byte) (int, error) {
	c.text = append(c.text, p[:min(len(p), maxOutput-len(c.text))]...)
	return len(p), nil
}
