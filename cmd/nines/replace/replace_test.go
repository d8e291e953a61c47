package replace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// writeText is what the tests write.
func writeText(text string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
}

// names lists a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(dir, "report.html")
	for _, text := range []string{"first", "second, and longer", ""} {
		if err := Write(path, writeText(text)); err != nil {
			t.Fatal(err)
		}
		if got := readText(t, path); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
	broken := errors.New("broken")
	if err := Write(path, func(w io.Writer) error { io.WriteString(w, "half"); return broken }); err != broken {
		t.Errorf("got %v, want %v", err, broken)
	}
	if got := readText(t, path); got != "" {
		t.Errorf("a failed write left %q", got)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"report.html"}) {
		t.Errorf("the folder has %q", got)
	}
	if err := Write(dir, writeText("x")); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("got %v for a folder", err)
	}
}

func TestLinks(t *testing.T) {
	root := t.TempDir()
	in, out := filepath.Join(root, "in"), filepath.Join(root, "out")
	for _, dir := range []string{in, out} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := filepath.Join(out, "theirs")
	for _, path := range []string{elsewhere, filepath.Join(in, "today")} {
		if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{
		"out": elsewhere, "relative": "../out/theirs", "device": "/dev/null", "within": "today", "out, new": "../out/new",
		"new": "tomorrow", "chain": "new", "circle": "circle", "no folder": "none/today", "deep": "none",
	} {
		if err := os.Symlink(to, filepath.Join(in, name)); err != nil {
			t.Skip(err)
		}
	}
	for _, name := range []string{"circle", "no folder", "deep/report.html"} {
		if err := Write(filepath.Join(in, name), writeText("new")); err == nil || !strings.Contains(err.Error(), "is a link that leads nowhere") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, name := range []string{"out", "relative", "device", "out, new"} {
		if err := Write(filepath.Join(in, name), writeText("new")); err == nil || !strings.Contains(err.Error(), "leads out of its folder") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, name := range []string{"within", "new", "chain"} {
		if err := Write(filepath.Join(in, name), writeText("new")); err != nil || readText(t, filepath.Join(in, name)) != "new" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if got := readText(t, elsewhere); got != "old" {
		t.Errorf("what a link leads to has %q", got)
	}
	if got := readText(t, filepath.Join(in, "today")); got != "new" {
		t.Errorf("what a link within the folder leads to has %q", got)
	}
	if got := readText(t, filepath.Join(in, "tomorrow")); got != "new" {
		t.Errorf("what a link within the folder makes has %q", got)
	}
	if got := names(t, out); !slices.Equal(got, []string{"theirs"}) {
		t.Errorf("the other folder has %q", got)
	}
}

// TestSweep starts runs that are killed while they write.
func TestSweep(t *testing.T) {
	if path := os.Getenv("REPLACE_TEST_PATH"); path != "" {
		writeSlowly(path)
	}
	if runtime.GOOS == "windows" {
		t.Skip("a killed process may keep its files open for a while")
	}
	dir := t.TempDir()
	killed, _ := start(t, filepath.Join(dir, "report.html"))
	killed.Process.Kill()
	killed.Wait()
	if got := names(t, dir); len(got) != 1 || !temporary().MatchString(got[0]) {
		t.Fatalf("a killed run left %q, want one temporary file", got)
	}
	alive, proceed := start(t, filepath.Join(dir, "report.xlsx"))
	if got := names(t, dir); len(got) != 1 || !strings.Contains(got[0], "report.xlsx") {
		t.Fatalf("the next run left %q, want its own temporary file", got)
	}
	mine := filepath.Join(dir, ".mine.nines")
	if err := os.WriteFile(mine, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(filepath.Join(dir, "report.json"), writeText("{}")); err != nil {
		t.Fatal(err)
	}
	proceed.Close()
	if err := alive.Wait(); err != nil {
		t.Error(err)
	}
	if got, want := names(t, dir), []string{".mine.nines", "report.json", "report.xlsx"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := readText(t, filepath.Join(dir, "report.xlsx")); got != "one, two" {
		t.Errorf("a run beside another wrote %q", got)
	}
}

// start starts a run that has written one half and waits until its input is closed.
func start(t *testing.T, path string) (*exec.Cmd, io.Closer) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestSweep$")
	cmd.Env = append(os.Environ(), "REPLACE_TEST_PATH="+path)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "half\n" {
		t.Fatalf("the run says %q, %v", line, err)
	}
	return cmd, stdin
}

// writeSlowly is what start starts.
func writeSlowly(path string) {
	err := Write(path, func(w io.Writer) error {
		io.WriteString(w, "one, ")
		io.WriteString(os.Stdout, "half\n")
		io.Copy(io.Discard, os.Stdin)
		_, err := io.WriteString(w, "two")
		return err
	})
	if err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// What the caller opened is written to from where it stands: nothing is made beside it,
// and nothing takes its place.
func TestDescriptorsAreWrittenTo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("paths of descriptors are of Unix")
	}
	file := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fmt.Fprint(f, "before ")
	path := fmt.Sprintf("/dev/fd/%d", f.Fd())
	if err := Write(path, func(w io.Writer) error { _, err := io.WriteString(w, "after"); return err }); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "before after" {
		t.Errorf("the file holds %q, %v", got, err)
	}
	for path, want := range map[string]*os.File{"/dev/stdout": os.Stdout, "/proc/self/fd/1": os.Stdout, "/dev/fd/2": os.Stderr, "/dev/null": nil, "/dev/fd/x": nil} {
		if got := opened(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
}

// The standard output has several names, of which none is a file to replace.
func TestStdout(t *testing.T) {
	for path, want := range map[string]bool{"-": true, "/dev/stdout": true, "/dev/./stdout": true, "/dev/fd/1": true,
		"/proc/self/fd/1": true, "/proc/thread-self/fd/1": true, "/dev/fd/01": true, "/dev/fd/2": false, "/dev/fd/10": false,
		"/dev/fd/": false, "/dev/fd/99999999999999999999": false, "dev/stdout": false, "stdout": false, "": false} {
		if got := Stdout(path); got != want {
			t.Errorf("%q: got %t, want %t", path, got, want)
		}
	}
}
