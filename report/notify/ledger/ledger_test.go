package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
)

// The test program is also a run that dies, or one of many.
func TestMain(m *testing.M) {
	if dir := os.Getenv("LEDGER_DIR"); dir != "" {
		run(dir, os.Getenv("LEDGER_STEP"))
		return
	}
	os.Exit(m.Run())
}

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func aKey() Key {
	return Key{Kind: "summary", Period: "2026-W47", Destination: "chat", Services: []string{"shop", "pay"}}
}

// run sends one message unless another has, and notes in the file "arrived" what went
// out. It kills itself at a step.
func run(dir, step string) {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	die := func(at string) {
		if step == at {
			self, err := os.FindProcess(os.Getpid())
			must(err)
			must(self.Kill())
			select {}
		}
	}
	l, err := Open(dir)
	must(err)
	h, err := l.Hold(context.Background(), aKey())
	must(err)
	die("held")
	if s := h.Last().State; s == Sent || s == Unknown {
		must(h.Release())
		return
	}
	must(h.Begin(Entry{At: monday}))
	die("begun")
	out, err := os.OpenFile(filepath.Join(dir, "arrived"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	must(err)
	_, err = out.WriteString("message\n")
	must(errors.Join(err, out.Close()))
	die("sent")
	must(h.End(Entry{At: monday, State: Sent}))
	die("noted")
	must(h.Release())
}

func process(t testing.TB, dir, step string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LEDGER_DIR="+dir, "LEDGER_STEP="+step)
	cmd.Stderr = os.Stderr
	return cmd
}

func arrived(t *testing.T, dir string) int {
	text, err := os.ReadFile(filepath.Join(dir, "arrived"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Count(string(text), "\n")
}

func open(t testing.TB, dir string) *Ledger {
	l, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func stands(t *testing.T, l *Ledger) []State {
	all, err := l.Messages()
	if err != nil {
		t.Fatal(err)
	}
	var out []State
	for _, e := range all {
		out = append(out, e.State)
	}
	return out
}

// A run that is killed at any step leaves what the next one makes the right thing of,
// and what nobody knows is shown as that.
func TestKilledAtEveryStep(t *testing.T) {
	for _, tt := range []struct {
		step    string
		after   []State // of it
		then    State   // of the run after it
		arrived int     // after both
	}{
		{"held", nil, Sent, 1},
		{"begun", []State{Unknown}, Unknown, 0},
		{"sent", []State{Unknown}, Unknown, 1},
		{"noted", []State{Sent}, Sent, 1},
	} {
		dir := t.TempDir()
		if err := process(t, dir, tt.step).Run(); err == nil {
			t.Fatalf("%s: it was not killed", tt.step)
		}
		l := open(t, dir)
		if got := stands(t, l); !slices.Equal(got, tt.after) {
			t.Errorf("killed when %s: %q, want %q", tt.step, got, tt.after)
		}
		if err := process(t, dir, "").Run(); err != nil {
			t.Fatal(err)
		}
		if got := stands(t, l); !slices.Equal(got, []State{tt.then}) || arrived(t, dir) != tt.arrived {
			t.Errorf("after one killed when %s: %q and %d messages, want %s and %d", tt.step, got, arrived(t, dir), tt.then, tt.arrived)
		}
	}
}

// Of many processes at once, one sends.
func TestManyProcesses(t *testing.T) {
	dir := t.TempDir()
	var all []*exec.Cmd
	for range 40 {
		cmd := process(t, dir, "")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		all = append(all, cmd)
	}
	for _, cmd := range all {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	if got := stands(t, open(t, dir)); arrived(t, dir) != 1 || !slices.Equal(got, []State{Sent}) {
		t.Errorf("%d messages arrived, %q", arrived(t, dir), got)
	}
}

// Of many goroutines too; what is under way is shown as that.
func TestManyGoroutines(t *testing.T) {
	l := open(t, t.TempDir())
	var all sync.WaitGroup
	var one sync.Mutex
	sent := 0
	for range 40 {
		all.Go(func() {
			h, err := l.Hold(t.Context(), aKey())
			if err != nil {
				t.Error(err)
				return
			}
			defer h.Release()
			if h.Last().State == Sent {
				return
			}
			if err := h.Begin(Entry{At: monday}); err != nil {
				t.Error(err)
			}
			if got := stands(t, l); !slices.Equal(got, []State{Sending}) {
				t.Errorf("under way it is shown as %q", got)
			}
			one.Lock()
			sent++
			one.Unlock()
			if err := h.End(Entry{At: monday, State: Sent}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if sent != 1 {
		t.Errorf("sent %d times", sent)
	}
}

// Who waits for another run gives up when the time is over, and who has no time left
// does not say that another run is at it.
func TestBusy(t *testing.T) {
	l := open(t, t.TempDir())
	h, err := l.Hold(t.Context(), aKey())
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := l.Hold(short, aKey()); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	ended, end := context.WithCancelCause(t.Context())
	end(errors.New("terminated"))
	if _, err := l.Hold(ended, aKey()); err == nil || err.Error() != "terminated" {
		t.Errorf("got %v", err)
	}
	if err := h.Release(); err != nil {
		t.Error(err)
	}
}

// A file is what its whole lines say; a line that was cut off was never acted on.
func TestTornLines(t *testing.T) {
	line := func(s State) string { return `{"key":{"destination":"chat"},"state":"` + string(s) + `"}` }
	for _, tt := range []struct {
		text string
		want State
	}{
		{"", None},
		{line(Sending) + "\n", Unknown},
		{line(Sending) + "\n" + line(Sent) + "\n", Sent},
		{line(Sending) + "\n" + line(Sent)[:20], Unknown},
		{line(Sending)[:10], None},
		{line(Sent) + "\n" + line(Sending)[:10], Sent},
		{line(Sent) + "\n\x00\x00\x00", Sent},
		{line(Sending) + "\n" + line(Sent), Sent},
		{line(Sending)[:10] + "\n" + line(Failed) + "\n", Failed},
		{"null\n[]\n\"a\"\n{\n", None},
	} {
		l := open(t, t.TempDir())
		if err := os.WriteFile(filepath.Join(l.dir, name(aKey2())+".jsonl"), []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		h, err := l.Hold(t.Context(), aKey2())
		if err != nil || h.Last().State != tt.want {
			t.Fatalf("%q: %q, %v, want %q", tt.text, h.Last().State, err, tt.want)
		}
		if err := errors.Join(h.Begin(Entry{}), h.End(Entry{State: Sent, Why: "w"}), h.Release()); err != nil {
			t.Fatal(err)
		}
		if got := stands(t, l); !slices.Equal(got, []State{Sent}) {
			t.Errorf("after %q: %q", tt.text, got)
		}
	}
}

func aKey2() Key { return Key{Destination: "chat"} }

// A file that has grown long keeps its last step, also if a run died while it was made
// shorter.
func TestShorten(t *testing.T) {
	l := open(t, t.TempDir())
	h, err := l.Hold(t.Context(), aKey())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(h.path+".short", []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	told, _ := json.Marshal(strings.Repeat("x", 100<<10))
	for i := range 12 {
		if err := h.End(Entry{State: Quiet, Told: told, Headline: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(h.path); err != nil || info.Size() > 2*maxSteps {
			t.Fatalf("step %d: %v, %v", i, info, err)
		}
	}
	if err := h.Release(); err != nil {
		t.Fatal(err)
	}
	if h, err = l.Hold(t.Context(), aKey()); err != nil || h.Last().Headline != "11" {
		t.Errorf("got %q, %v", h.Last().Headline, err)
	}
	if err := h.Release(); err != nil {
		t.Error(err)
	}
}

// The key is the same in whatever order services come, and what is not the same message
// has another.
func TestKey(t *testing.T) {
	l := open(t, t.TempDir())
	for i, key := range []Key{
		{Kind: "summary", Services: []string{"a", "b"}}, {Kind: "summary", Services: []string{"b", "a"}},
		{Kind: "summary", Services: []string{"a b"}}, {Kind: "summary", Services: []string{"a"}, Owner: "b"},
		{Kind: "summary", Services: []string{"a", "b"}, Part: "you@shop.example"},
		{Kind: "alert", Services: []string{"a", "b"}}, {Kind: "summary"}, {Kind: "summary", Services: []string{}},
	} {
		h, err := l.Hold(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if seen := h.Last().State != None; seen != (i == 1 || i == 7) {
			t.Errorf("%+v: seen %v", key, seen)
		}
		if err := errors.Join(h.End(Entry{State: Sent}), h.Release()); err != nil {
			t.Error(err)
		}
	}
}

// Where nothing can be written nothing is opened.
func TestNotWritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file); err == nil {
		t.Error("a file was opened as a folder")
	}
}

// A week is named as never sent once: by the next message that arrives.
func TestUnsent(t *testing.T) {
	for _, tt := range []struct{ past, span, want string }{
		{"", "2026-W48", ""},
		{"2026-W47 sent", "2026-W48", ""},
		{"2026-W46 sent", "2026-W48", "2026-W47"},
		{"2026-W46 failed", "2026-W48", "2026-W46 2026-W47"},
		{"2026-W46 failed, 2026-W47 sent", "2026-W48", ""},
		{"2026-W44 sent, 2026-W46 sent, 2026-W47 quiet", "2026-W48", ""},
		{"2026-W44 sent, 2026-W46 quiet", "2026-W48", "2026-W45 2026-W47"},
		{"2026-W44 sent, 2026-W46 unknown", "2026-W48", "2026-W45 2026-W47"},
		{"2026-W48 sent, 2026-W45 sent", "2026-W47", "2026-W46"},
		{"2026-W51 sent", "2027-W01", "2026-W52 2026-W53"},
		{"2026-10 sent, 2026-W45 sent", "2026-12", "2026-11"},
		{"last-7d sent, 2026-11-02T00:00:00Z sent", "2026-W48", ""},
	} {
		var p Past
		for entry := range strings.SplitSeq(tt.past, ", ") {
			if period, state, ok := strings.Cut(entry, " "); ok {
				p = append(p, Entry{Key: Key{Period: period}, State: State(state)})
			}
		}
		span, err := slo.ParseSpan(tt.span)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(p.Unsent(span), " "); got != tt.want {
			t.Errorf("%s, then %s: %q, want %q", tt.past, tt.span, got, tt.want)
		}
	}
}

// Nothing changed if the last summary said the same and all of its readers have it.
func TestTold(t *testing.T) {
	entry := func(period string, s State, facts string) Entry {
		return Entry{Key: Key{Period: period}, State: s, Told: json.RawMessage(`["` + facts + `"]`)}
	}
	for i, tt := range []struct {
		past Past
		want bool
	}{
		{nil, false},
		{Past{entry("1", Sent, "a")}, true},
		{Past{entry("1", Sent, "b")}, false},
		{Past{entry("1", Sent, "b"), entry("2", Quiet, "a")}, true},
		{Past{entry("1", Sent, "a"), entry("2", Failed, "a")}, false},
		{Past{entry("1", Sent, "a"), entry("2", Unknown, "a")}, false},
		{Past{entry("2", Failed, "a"), entry("2", Sent, "a")}, false}, // one of two recipients
		{Past{entry("1", Failed, "b"), entry("2", Sent, "a")}, true},
	} {
		if got := tt.past.Told([]string{"a"}); got != tt.want {
			t.Errorf("%d: got %v", i, got)
		}
	}
}

// Whatever a file holds, it is read or refused, and a step can be noted after it.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"key":{"kind":"summary","services":null},"state":"sending"}` + "\n"))
	f.Add([]byte(`{"state":"sent","told":{"a":[1]}}` + "\n{\"st"))
	f.Add([]byte("\x00\x00\n\n"))
	dir := f.TempDir()
	l := open(f, dir)
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(l.dir, name(aKey())+".jsonl")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		h, err := l.Hold(t.Context(), aKey())
		if err != nil {
			t.Fatal(err)
		}
		if h.Last().State == Sending {
			t.Error("nobody is at it")
		}
		if err := errors.Join(h.End(Entry{State: Sent}), h.Release()); err != nil {
			t.Fatal(err)
		}
		if e, err := last(path); err != nil || e.State != Sent {
			t.Errorf("%q, %v", e.State, err)
		}
	})
}
