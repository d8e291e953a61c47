// Package ledger remembers what was sent, so that nobody gets a message twice and none
// is lost in silence, whatever ends a run and however many run at once.
//
// What becomes of one message stands in one file, a line for each step: that it is
// about to be sent, on disk before the first byte goes out, and then what became of
// it. Whoever sends holds a lock, which the operating system takes away when its
// process ends. So a run that gets the lock and finds a last line that says "sending"
// knows that the one before died between the two, and that the message may or may not
// have arrived.
//
// The ledger holds no address and no secret: a destination is its name.
package ledger

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
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

// Key says which message it is. Two messages with one key are the same message.
type Key struct {
	Kind        string   `json:"kind"`                // "summary" or "alert"
	Period      string   `json:"period,omitempty"`    // of a summary: "2026-W48"
	Destination string   `json:"destination"`         // its name
	Owner       string   `json:"owner,omitempty"`     // of a summary for one owner
	Services    []string `json:"services"`            // that it tells of, sorted
	Objective   string   `json:"objective,omitempty"` // of an alert message
	Part        string   `json:"part,omitempty"`      // a recipient, an alert
}

// State is how far a message got.
type State string

const (
	None    State = ""        // nothing was ever tried
	Sending State = "sending" // only while somebody is at it
	Sent    State = "sent"
	Failed  State = "failed"  // it surely did not arrive
	Unknown State = "unknown" // it may have arrived
)

// Entry is one step of a message.
type Entry struct {
	Key      Key             `json:"key"`
	At       time.Time       `json:"at"`
	State    State           `json:"state"`
	Headline string          `json:"headline,omitempty"`
	Why      string          `json:"why,omitempty"`  // it was not sent
	Ref      string          `json:"ref,omitempty"`  // what the far side calls it
	Told     json.RawMessage `json:"told,omitempty"` // what the message said, for the next to compare with
}

// Ledger is a folder of entries. Several processes may use one at once.
type Ledger struct {
	dir string
}

const (
	folderMode = 0o700
	fileMode   = 0o600
)

// Open returns the ledger in a folder, which it makes. It is an error if nothing can be
// written there: who cannot remember what was sent must not send.
func Open(dir string) (*Ledger, error) {
	l := &Ledger{dir: filepath.Join(dir, "sent")}
	if err := os.MkdirAll(l.dir, folderMode); err != nil {
		return nil, err
	}
	probe, err := os.CreateTemp(l.dir, ".probe-")
	if err != nil {
		return nil, err
	}
	return l, errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// Hold is a message that nobody else sends. It has to be released.
type Hold struct {
	key  Key
	path string
	lock *flock.Flock
	last Entry
}

// retry is how often a lock is asked for that another process has.
const retry = 20 * time.Millisecond

// ErrBusy says that another run sends the message at this time.
var ErrBusy = errors.New("another run is sending it")

// Hold waits until nobody else sends the message, at most until ctx ends: then the
// error is ErrBusy. Once ctx has ended it is the cause of that.
func (l *Ledger) Hold(ctx context.Context, key Key) (*Hold, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	path := filepath.Join(l.dir, name(key))
	h := &Hold{key: key, path: path + ".jsonl", lock: flock.New(path+".lock", flock.SetPermissions(fileMode))}
	got, err := h.lock.TryLockContext(ctx, retry)
	switch {
	case ctx.Err() != nil && !got:
		return nil, ErrBusy
	case err != nil:
		return nil, fmt.Errorf("the ledger cannot be locked: %w", err)
	}
	if h.last, err = last(h.path); err != nil {
		return nil, errors.Join(err, h.Release())
	}
	if h.last.State == Sending { // and whoever did is gone
		h.last.State, h.last.Why = Unknown, interrupted
	}
	return h, nil
}

// interrupted is why nobody knows what became of a message that was being sent.
const interrupted = "the run that sent it ended before it knew"

// name returns the name of a key's files.
func name(key Key) string {
	key.Services = slices.Sorted(slices.Values(key.Services))
	text, _ := json.Marshal(key) // of texts alone
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// Last returns the last step, one without a State if there was none.
func (h *Hold) Last() Entry { return h.last }

// Begin notes that the message is about to be sent. It is on disk when Begin returns.
func (h *Hold) Begin(e Entry) error {
	e.State = Sending
	return h.note(e)
}

// End notes what became of it.
func (h *Hold) End(e Entry) error { return h.note(e) }

// note adds a step, durably.
func (h *Hold) note(e Entry) error {
	e.Key = h.key
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := h.shorten(); err != nil {
		return fmt.Errorf("the ledger cannot be shortened: %w", err)
	}
	if err := appendLine(h.path, line); err != nil {
		return fmt.Errorf("the ledger cannot be written: %w", err)
	}
	h.last = e
	return nil
}

// maxSteps is how long a file may grow. What is known of alerts is noted every run.
const maxSteps = 256 << 10

// shorten leaves the last entry of a file alone that has grown long.
func (h *Hold) shorten() error {
	info, err := os.Stat(h.path)
	if err != nil || info.Size() < maxSteps {
		return nil
	}
	kept, err := last(h.path)
	if err != nil {
		return err
	}
	line, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	short := h.path + ".short" // of a run that was killed here: written over
	if err := os.WriteFile(short, nil, fileMode); err != nil {
		return err
	}
	return errors.Join(appendLine(short, line), os.Rename(short, h.path))
}

// Release lets others send the message.
func (h *Hold) Release() error { return h.lock.Unlock() }

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
	_, err = f.Write(text)
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

// maxFile is how much of a file is read: steps of one message take some kilobytes.
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
		if json.Unmarshal(line, &e) == nil {
			out = append(out, e)
		}
	}
	return out, nil
}

// Messages returns the last step of every message, oldest first. One that is being
// sent by a run that goes on is Sending, one whose run is gone Unknown.
func (l *Ledger) Messages() (Past, error) {
	files, err := os.ReadDir(l.dir)
	if err != nil {
		return nil, err
	}
	var out Past
	for _, f := range files {
		id, is := strings.CutSuffix(f.Name(), ".jsonl")
		if !is {
			continue
		}
		e, err := l.stands(id)
		if err != nil {
			return nil, err
		}
		if e.State != None {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b Entry) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key.Destination, b.Key.Destination), cmp.Compare(name(a.Key), name(b.Key)))
	})
	return out, nil
}

// stands returns the last step of a message. Whether somebody is at it is found out
// before the file is read: who ends meanwhile has noted what became of it.
func (l *Ledger) stands(id string) (Entry, error) {
	lock := flock.New(filepath.Join(l.dir, id+".lock"), flock.SetPermissions(fileMode))
	free, err := lock.TryRLock()
	if err != nil {
		return Entry{}, err
	}
	e, err := last(filepath.Join(l.dir, id+".jsonl"))
	if free && e.State == Sending { // and whoever did is gone
		e.State, e.Why = Unknown, interrupted
	}
	return e, errors.Join(err, lock.Unlock())
}
