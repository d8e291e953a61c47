package dispatch

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// What a command started that goes on and holds its output neither keeps anybody waiting
// nor makes a command fail that ended well. It was told of as not sent, and sent again.
func TestRunBackground(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh")
	}
	for script, fails := range map[string]bool{
		"cat; sleep 60 & exit 0": false, "cat; sleep 60 & exit 7": true, "exec cat": false, "exec <&-; echo got": false,
	} {
		begun := time.Now()
		out, err := Runner{}.Run(t.Context(), []string{"sh", "-c", script}, []byte("got"))
		if (err != nil) != fails || strings.TrimSpace(string(out)) != "got" || time.Since(begun) > 30*time.Second {
			t.Errorf("%s: got %q, %v after %s", script, out, err, time.Since(begun))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Runner{}).Run(ctx, []string{"sh", "-c", "exit 0"}, nil); err == nil {
		t.Error("a command runs though nobody waits")
	}
}
