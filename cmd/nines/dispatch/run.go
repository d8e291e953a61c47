package dispatch

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

const (
	maxOutput = 4 << 10 // of a command is kept
	// waitDelay is how long is waited for who still holds the output of a command that has
	// ended: less than what the program has left when its --timeout is over.
	waitDelay = 250 * time.Millisecond
)

// Runner runs commands. They have the environment of the program, without the variables
// that hold secrets for hosts.
type Runner struct{ Secrets []string }

// Run runs a command, and kills it when ctx ends. Its errors are those of package exec.
// A command that ended well has, whatever it started that goes on.
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
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil
	}
	return out.text, err
}

// capped keeps the first bytes of what is written.
type capped struct{ text []byte }

// Write takes all of p.
func (c *capped) Write(p []byte) (int, error) {
	c.text = append(c.text, p[:min(len(p), maxOutput-len(c.text))]...)
	return len(p), nil
}
