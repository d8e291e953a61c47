//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A command that waits for a pipe ends when it is told to.
func TestWaitingForAPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe.yaml")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"validate", pipe}, {"status", pipe}, {"init", "--from-log", pipe, "--out", "-"},
		{"gate", "../../examples/table", "--deploys", pipe},
		{"backtest", "../../examples/table", "--from", "2026-05-01", "--to", "2026-05-01", "--incidents", pipe},
	} {
		for signal, want := range map[os.Signal]int{os.Interrupt: exitInterrupted, syscall.SIGTERM: exitTerminated, nil: exitUncertain} {
			cmd := exec.Command(program, args...)
			cmd.Args[0] = "nines" // which TestMain has this program run
			if signal == nil {
				cmd.Args = append(cmd.Args, "--timeout", "1ms")
			}
			var stderr strings.Builder
			cmd.Stderr = &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if signal != nil {
				end, err := os.OpenFile(pipe, os.O_WRONLY, 0) // once the command waits for what comes
				if err != nil {
					t.Fatal(err)
				}
				defer end.Close()
				cmd.Process.Signal(signal)
			}
			cmd.Wait()
			if got := cmd.ProcessState.ExitCode(); got != want {
				t.Errorf("%s, %v: exit %d, want %d\n%s", strings.Join(args, " "), signal, got, want, stderr.String())
			}
		}
	}
}

// What the other sources said is answered though one never ends.
func TestTimeoutAnswersTheRest(t *testing.T) {
	t.Chdir(t.TempDir())
	text := strings.Replace(faultFile, "sources:", "sources:\n  n: {type: csv, path: \"-\"}", 1) +
		"  - {name: waits, target: 90%, window: 6h, sli: {source: n}}\n"
	for name, content := range healthy() {
		if name == "nines.yaml" {
			content = text
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	stdin, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "status", "--at", faultAt, "-o", "csv", "--timeout", "1s")
	cmd.Args[0], cmd.Stdin = "nines", stdin
	out, _ := cmd.Output()
	if got := cmd.ProcessState.ExitCode(); got != exitUncertain {
		t.Errorf("exit %d, want %d", got, exitUncertain)
	}
	if got := string(out); !strings.Contains(got, "on_track") || !strings.Contains(got, "no_data") {
		t.Errorf("got\n%s\nwant one objective on_track and one no_data", got)
	}
}
