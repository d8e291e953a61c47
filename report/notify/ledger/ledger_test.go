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
	"sync/atomic"
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
	if err := os.WriteFile(strings.TrimSuffix(h.path, stepsEnd)+shortEnd, []byte("{half"), 0o600); err != nil {
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
	entry := func(period string, s State, fact string) Entry {
		e := Said(Key{Period: period}, nil, []string{fact})
		e.State = s
		return e
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
		if got := tt.past.Told(Said(Key{}, nil, []string{"a"})); got != tt.want {
			t.Errorf("%d: got %v", i, got)
		}
	}
}

// steps notes steps of alerts to one reader: "sending", "unknown" and so on, each with its
// number as the headline.
func steps(t *testing.T, l *Ledger, told string, states ...State) {
	t.Helper()
	h, err := l.Hold(t.Context(), Key{Kind: Alert, Destination: "chat"})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(told)
	for i, s := range states {
		e := Entry{At: monday.Add(time.Duration(i) * time.Second), State: s, Headline: fmt.Sprint(i), Told: text}
		if s == Quiet {
			e.Headline = ""
		}
		if err := h.note(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Release(); err != nil {
		t.Fatal(err)
	}
}

// What became of each message about alerts is known, whatever came after it.
func TestOutcomes(t *testing.T) {
	for _, tt := range []struct{ steps, want string }{
		{"", ""},
		{"quiet", ""},
		{"sending sent", "1 sent"},
		{"sending unknown sending sent quiet", "1 unknown, 3 sent"},
		{"sending failed sending sent", "1 failed, 3 sent"},
		{"sending", "0 unknown"},
		{"sending quiet", "0 unknown"},
		{"sending sending sent", "0 unknown, 2 sent"},
		{"quiet sending quiet sending sent quiet", "1 unknown, 4 sent"},
	} {
		l := open(t, t.TempDir())
		var states []State
		for s := range strings.FieldsSeq(tt.steps) {
			states = append(states, State(s))
		}
		steps(t, l, "", states...)
		all, err := l.Messages()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range all {
			got = append(got, e.Headline+" "+string(e.State))
		}
		if text := strings.Join(got, ", "); text != tt.want {
			t.Errorf("%s: %q, want %q", tt.steps, text, tt.want)
		}
	}
}

// A file of alerts stays small however long they are told. The last messages are kept,
// those of which nobody knows longer, and of what is not kept it is known how many it was.
func TestKept(t *testing.T) {
	l := open(t, t.TempDir())
	key := Key{Kind: Alert, Destination: "chat"}
	path := filepath.Join(l.dir, name(key)+stepsEnd)
	told, _ := json.Marshal(strings.Repeat("x", 2000))
	const each, rounds = 700, 3
	for round := range rounds {
		text, err := os.ReadFile(path)
		if err != nil && round > 0 {
			t.Fatal(err)
		}
		for i := range each {
			for _, s := range []State{Sending, Unknown, Sending, Sent, Quiet} {
				line, _ := json.Marshal(Entry{Key: key, At: monday, State: s, Headline: fmt.Sprint(round, i), Told: told})
				text = append(append(text, line...), '\n')
			}
		}
		if err := os.WriteFile(path, text, fileMode); err != nil {
			t.Fatal(err)
		}
		steps(t, l, "last", Quiet)
	}
	all, err := l.Messages()
	if err != nil {
		t.Fatal(err)
	}
	count, lines := map[State]int{}, map[State]int{}
	for _, e := range all {
		count[e.State] += 1 + e.More
		lines[e.State]++
	}
	if count[Unknown] != rounds*each || lines[Unknown] != keptUnknown || count[Sent] != keptKnown {
		t.Errorf("of %d messages of each kind %d unknown (%d lines) and %d sent are known", rounds*each, count[Unknown], lines[Unknown], count[Sent])
	}
	if got := all[len(all)-1]; got.State != Sent || got.Headline != fmt.Sprint(rounds-1, each-1) {
		t.Errorf("the last is %+v", got)
	}
	if info, err := os.Stat(path); err != nil || info.Size() > maxSteps/2 {
		t.Errorf("%v, %v", info.Size(), err)
	}
	if e, err := l.Known(key); err != nil || string(e.Told) != `"last"` {
		t.Errorf("what the reader knows is %s, %v", e.Told, err)
	}
}

// A line that was cut off at any byte leaves what the lines before it say, and the next
// step is read right.
func TestTornAtEveryByte(t *testing.T) {
	l := open(t, t.TempDir())
	path := filepath.Join(l.dir, name(aKey())+stepsEnd)
	line := func(e Entry) []byte {
		e.Key, e.At = aKey(), monday
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		return append(text, '\n')
	}
	sending := line(Entry{State: Sending, About: []string{"shop/a"}, Headline: "week 47: \"x\" {"})
	whole := append(slices.Clone(sending), line(Entry{State: Sent, Ref: "r"})...)
	for n := range len(whole) + 1 {
		want := Unknown
		switch {
		case n < len(sending)-1:
			want = None
		case n >= len(whole)-1:
			want = Sent
		}
		if err := os.WriteFile(path, whole[:n], fileMode); err != nil {
			t.Fatal(err)
		}
		h, err := l.Hold(t.Context(), aKey())
		if err != nil || h.Last().State != want {
			t.Fatalf("%d bytes: %q, %v, want %q", n, h.Last().State, err, want)
		}
		if err := errors.Join(h.End(Entry{State: Failed, Why: "w"}), h.Release()); err != nil {
			t.Fatal(err)
		}
		if e, err := last(path); err != nil || e.State != Failed || e.Why != "w" {
			t.Fatalf("after %d bytes: %+v, %v", n, e, err)
		}
	}
}

// A file is shortened whole or not at all: one that has it open reads on, and what is
// written goes to the file that has the name.
func TestShortenIsWhole(t *testing.T) {
	l := open(t, t.TempDir())
	steps(t, l, strings.Repeat("x", 500<<10), Quiet, Quiet, Quiet)
	path := filepath.Join(l.dir, name(Key{Kind: Alert, Destination: "chat"})+stepsEnd)
	old, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	before, err := old.Stat()
	if err != nil {
		t.Fatal(err)
	}
	steps(t, l, "now", Sending, Sent)
	if after, err := old.Stat(); err != nil || after.Size() != before.Size() {
		t.Errorf("the old file was written to: %v, %v", after, err)
	}
	if e, err := last(path); err != nil || string(e.Told) != `"now"` {
		t.Errorf("got %s, %v", e.Told, err)
	}
	if left, _ := filepath.Glob(filepath.Join(l.dir, "*"+shortEnd)); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

// age makes all files of a ledger look as old as that.
func age(t *testing.T, l *Ledger, at time.Time) {
	t.Helper()
	files, err := os.ReadDir(l.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.Chtimes(filepath.Join(l.dir, f.Name()), at, at); err != nil {
			t.Fatal(err)
		}
	}
}

// Where the disk is full nothing is sent without a note before it. What was sent and could
// not be noted is unknown, and what did not fit takes no room.
func TestFull(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell that can limit files")
	}
	begin, _ := json.Marshal(Entry{Key: aKey(), At: monday, State: Sending})
	const limit = 4 * 512
	for _, tt := range []struct {
		room    int // bytes that the file may still take
		arrived int
		state   []State
	}{
		{0, 0, nil},
		{len(begin), 0, nil},
		{len(begin) + 1, 1, []State{Unknown}},
		{2*len(begin) - 10, 1, []State{Unknown}},
		{3 * len(begin), 1, []State{Sent}},
	} {
		dir := t.TempDir()
		l := open(t, dir)
		path := filepath.Join(l.dir, name(aKey())+stepsEnd)
		filler := strings.Repeat("x", limit-tt.room-1) + "\n"
		if err := os.WriteFile(path, []byte(filler), fileMode); err != nil {
			t.Fatal(err)
		}
		cmd := process(t, dir, "")
		cmd.Path, cmd.Args, cmd.Stderr = sh, []string{"sh", "-c", `ulimit -f 4 && exec "$0"`, os.Args[0]}, nil
		cmd.Run() // it ends with an error where it cannot note something
		if got := stands(t, l); !slices.Equal(got, tt.state) || arrived(t, dir) != tt.arrived {
			t.Errorf("room for %d bytes: %q and %d messages, want %q and %d", tt.room, got, arrived(t, dir), tt.state, tt.arrived)
		}
		if info, err := os.Stat(path); tt.arrived == 0 && (err != nil || info.Size() != int64(len(filler))) {
			t.Errorf("room for %d bytes: %v bytes, were %d", tt.room, info.Size(), len(filler))
		}
	}
}

// What is long over is taken away with its lock; what nobody knows of later; what is held
// or young is not, whatever the file looks like.
func TestPrune(t *testing.T) {
	const day = 24 * time.Hour
	for _, tt := range []struct {
		state State
		days  int
		held  bool
		stays bool
	}{
		{Sent, 399, false, true},
		{Sent, 401, false, false},
		{Failed, 401, false, false},
		{Quiet, 401, false, false},
		{Unknown, 401, false, true},
		{Sending, 799, false, true},
		{Unknown, 801, false, false},
		{Sending, 801, false, false},
		{Sent, 401, true, true},
	} {
		l := open(t, t.TempDir())
		h, err := l.Hold(t.Context(), aKey())
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(h.Begin(Entry{At: monday}), h.note(Entry{At: monday, State: tt.state})); err != nil {
			t.Fatal(err)
		}
		if !tt.held {
			if err := h.Release(); err != nil {
				t.Fatal(err)
			}
		}
		age(t, l, monday)
		l.Prune(monday.Add(time.Duration(tt.days) * day))
		left, err := os.ReadDir(l.dir)
		if err != nil || (len(left) == 2) != tt.stays || (len(left) == 0) == tt.stays {
			t.Errorf("%s after %d days, held %v: %d files, %v", tt.state, tt.days, tt.held, len(left), err)
		}
		if tt.held {
			if err := h.Release(); err != nil {
				t.Error(err)
			}
		}
	}
}

// Files that a run left that was killed go, others that stand in the folder stay.
func TestPruneLeftovers(t *testing.T) {
	l := open(t, t.TempDir())
	id := name(aKey())
	for _, f := range []string{id + lockEnd, id + shortEnd, probes + "12", "README", "notes.jsonl"} {
		if err := os.WriteFile(filepath.Join(l.dir, f), []byte("x"), fileMode); err != nil {
			t.Fatal(err)
		}
	}
	age(t, l, monday)
	l.Prune(monday.Add(keepKnown + time.Hour))
	var left []string
	files, err := os.ReadDir(l.dir)
	for _, f := range files {
		left = append(left, f.Name())
	}
	if strings.Join(left, " ") != "README notes.jsonl" || err != nil {
		t.Errorf("left: %q, %v", left, err)
	}
}

// Of many that hold a message while its files are taken away all the time, one holds it.
func TestHoldWhileForgotten(t *testing.T) {
	l := open(t, t.TempDir())
	path := filepath.Join(l.dir, name(aKey()))
	var holders, most atomic.Int32
	var all sync.WaitGroup
	done := make(chan struct{})
	all.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				l.forget(path, monday)
			}
		}
	})
	var hold sync.WaitGroup
	for range 4 {
		hold.Go(func() {
			for range 100 {
				h, err := l.Hold(t.Context(), aKey())
				if err != nil {
					t.Error(err)
					return
				}
				if n := holders.Add(1); n > most.Load() {
					most.Store(n)
				}
				if !named(h.lock) {
					t.Error("the lock has a file without a name")
				}
				holders.Add(-1)
				if err := h.Release(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	hold.Wait()
	close(done)
	all.Wait()
	if most.Load() != 1 {
		t.Errorf("%d held it at once", most.Load())
	}
}

// Who only looks needs no folder, and writes nothing into one.
func TestLook(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	if all, err := Look(dir).Messages(); err != nil || len(all) > 0 {
		t.Errorf("got %v, %v", all, err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
	l := open(t, dir)
	h, err := l.Hold(t.Context(), aKey())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(h.Begin(Entry{At: monday}), h.Release()); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(h.lock.Path()); err != nil {
		t.Fatal(err)
	}
	if got := stands(t, Look(dir)); !slices.Equal(got, []State{Unknown}) {
		t.Errorf("got %q", got)
	}
	if files, err := os.ReadDir(l.dir); err != nil || len(files) != 1 {
		t.Errorf("%d files, %v", len(files), err)
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
