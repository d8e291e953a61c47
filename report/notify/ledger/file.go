package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// How the names of a message's files end.
const (
	stepsEnd = ".jsonl"
	lockEnd  = ".lock"
	shortEnd = ".short" // while one is made shorter
)

// appendLine adds a line to a file and waits until it is on disk. What a run left that
// was killed while it wrote stands on a line of its own, and is no entry.
func appendLine(path string, line []byte) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, fileMode)
	if err != nil {
		return err
	}
	text := append(line, '\n')
	if torn(f) {
		text = append([]byte{'\n'}, text...)
	}
	was, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	if _, err = f.Write(text); err != nil { // half of it would take room that is short
		err = errors.Join(err, f.Truncate(was.Size()))
	}
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		syncFolder(filepath.Dir(path))
	}
	return err
}

// torn tells whether a file ends within a line.
func torn(f *os.File) bool {
	end := make([]byte, 1)
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	_, err = f.ReadAt(end, info.Size()-1)
	return err != nil || end[0] != '\n'
}

// syncFolder makes a new name durable, where the system can.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		d.Sync()
		d.Close()
	}
}

// last returns the last entry of a file, none if it is not there.
func last(path string) (Entry, error) {
	entries, err := read(path)
	if len(entries) == 0 {
		return Entry{}, err
	}
	return entries[len(entries)-1], err
}

// maxFile is how much of a file is read: steps of a summary take some kilobytes, those
// of alerts are shortened from maxSteps on.
const maxFile = 16 << 20

// read returns the entries of a file, none if it is not there. A line that was cut off
// is none: it was never acted on.
func read(path string) ([]Entry, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxFile {
		return nil, fmt.Errorf("%s is larger than anything that is written there", path)
	}
	var out []Entry
	for line := range bytes.SplitSeq(text, []byte{'\n'}) {
		var e Entry
		if json.Unmarshal(line, &e) == nil && e.State != None {
			out = append(out, e)
		}
	}
	return out, nil
}

// What is kept of alerts for one reader of a destination when their file has grown long.
const (
	maxSteps    = 1 << 20 // bytes, about, of a file
	keptKnown   = 100     // messages of which it is known what became of them
	keptUnknown = 500     // of which nobody knows; those before are counted
)

// shorten rewrites a file that has grown long: of alerts what became of the last
// messages, and the last step. The file is whole at any time under its name, and nobody
// else writes to it or has it open for that: this needs the lock.
func (h *Hold) shorten() error {
	info, err := os.Stat(h.path)
	if err != nil || info.Size() < maxSteps {
		return nil
	}
	entries, err := read(h.path)
	if err != nil || len(entries) == 0 {
		return err
	}
	var text bytes.Buffer
	for _, e := range short(entries) {
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		text.Write(append(line, '\n'))
	}
	made := strings.TrimSuffix(h.path, stepsEnd) + shortEnd // of a run that was killed here: written over
	if err := os.WriteFile(made, nil, fileMode); err != nil {
		return err
	}
	if err := appendLine(made, bytes.TrimSuffix(text.Bytes(), []byte{'\n'})); err != nil {
		return errors.Join(err, os.Remove(made))
	}
	err = os.Rename(made, h.path)
	syncFolder(filepath.Dir(h.path))
	return err
}

// short returns the steps that a file needs: what became of messages before the last step,
// and that.
func short(steps []Entry) []Entry {
	end := steps[len(steps)-1]
	before := outcomes(steps)
	if n := len(before); n > 0 && end.State != Quiet { // it is the end itself
		before = before[:n-1]
	}
	out := kept(before)
	for i := range out {
		out[i].Told = nil // only the last is compared with
	}
	return append(out, end)
}

// outcomes returns what became of the messages of a file: of each about alerts, of what is
// no alert by its last step alone. One that begins and has no end is Unknown, for the run
// that sent it is gone.
func outcomes(steps []Entry) []Entry {
	var out []Entry
	for i, e := range steps {
		last := i == len(steps)-1
		over := !last && (e.Key.Kind != Alert || e.State == Sending && steps[i+1].ends())
		if over || e.Key.Kind == Alert && e.State == Quiet {
			continue
		}
		if e.State == Sending {
			e.State, e.Why = Unknown, interrupted
		}
		out = append(out, e)
	}
	return out
}

// ends tells whether e says what became of the message before it.
func (e Entry) ends() bool { return e.State != Sending && e.State != Quiet }

// kept leaves the last messages, longer those of which nobody knows. The first of these
// counts the ones before it: none is forgotten.
func kept(all []Entry) []Entry {
	known, unknown := 0, 0
	for _, e := range all {
		if e.State == Unknown {
			unknown++
		} else {
			known++
		}
	}
	more := 0
	var out []Entry
	for _, e := range all {
		switch {
		case e.State != Unknown:
			if known--; known < keptKnown {
				out = append(out, e)
			}
		default:
			if unknown--; unknown < keptUnknown {
				e.More, more = e.More+more, 0
				out = append(out, e)
			} else {
				more += 1 + e.More
			}
		}
	}
	return out
}

// How long a file is kept after its last step.
const (
	keepKnown   = 400 * 24 * time.Hour
	keepUnknown = 2 * keepKnown // of what nobody knows what became of it
)

// Prune takes away what is long over: messages a year and a month old, those of which
// nobody knows what became of them after twice that. What cannot be taken away stays.
func (l *Ledger) Prune(now time.Time) {
	files, err := os.ReadDir(l.dir)
	if err != nil {
		return
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || now.Sub(info.ModTime()) < keepKnown {
			continue
		}
		id, _, _ := strings.Cut(f.Name(), ".")
		if id == "" && strings.HasPrefix(f.Name(), probes) {
			os.Remove(filepath.Join(l.dir, f.Name()))
		} else if len(id) == len(name(Key{})) {
			l.forget(filepath.Join(l.dir, id), now)
		}
	}
}

// forget takes the files of a message away if it is long over and nobody is at it. The
// lock goes last, so that one who waits for it finds no file under its name.
func (l *Ledger) forget(path string, now time.Time) {
	lock := flock.New(path+lockEnd, flock.SetPermissions(fileMode))
	if got, err := lock.TryLock(); err != nil || !got || !named(lock) {
		lock.Unlock()
		return
	}
	defer lock.Unlock()
	steps, err := read(path + stepsEnd)
	young := func(e Entry) bool { return now.Sub(e.At) < e.keep() }
	if n := len(steps); err != nil || n > 0 && young(steps[n-1]) || slices.ContainsFunc(outcomes(steps), young) {
		return
	}
	for _, end := range []string{shortEnd, stepsEnd, lockEnd} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return
		}
	}
}

// keep is how long e is kept.
func (e Entry) keep() time.Duration {
	if e.State == Unknown {
		return keepUnknown
	}
	return keepKnown
}
