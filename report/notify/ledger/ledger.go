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
// What is known of alerts is noted at every run, so its file also holds what became of
// each message about them. It is rewritten when it has grown long, and files of messages
// that are long over are taken away; see Prune.
//
// The ledger holds no address and no secret: a destination is its name.
package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"
)

// Key says which message it is. Two messages with one key are the same message.
type Key struct {
	Kind        string   `json:"kind"`             // Summary or Alert
	Period      string   `json:"period,omitempty"` // of a summary: "2026-W48"
	Destination string   `json:"destination"`      // its name
	Owner       string   `json:"owner,omitempty"`  // of a summary for one owner
	Services    []string `json:"services"`         // that it tells of, sorted
	Part        string   `json:"part,omitempty"`   // one of several readers of a destination: a recipient of mail
	Turn        int      `json:"turn,omitempty"`   // of several that tell of different objectives; see HoldFor
}

// Kinds of messages.
const (
	Summary = "summary"
	Alert   = "alert"
)

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
	About    []string        `json:"about,omitempty"` // objectives that it tells of, sorted
	Headline string          `json:"headline,omitempty"`
	Why      string          `json:"why,omitempty"`  // it was not sent
	Ref      string          `json:"ref,omitempty"`  // what the far side calls it
	Told     json.RawMessage `json:"told,omitempty"` // for the next to compare with: see Said; of alerts what the reader knows
	More     int             `json:"more,omitempty"` // as many before it ended the same way, and have no line any more
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
	l := Look(dir)
	if err := os.MkdirAll(l.dir, folderMode); err != nil {
		return nil, err
	}
	probe, err := os.CreateTemp(l.dir, probes)
	if err != nil {
		return nil, err
	}
	return l, errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// probes is how a file begins that shows whether something can be written.
const probes = ".probe-"

// Look returns the ledger in a folder for who only reads, and writes nothing. A folder
// that is not there holds nothing.
func Look(dir string) *Ledger { return &Ledger{dir: filepath.Join(dir, "sent")} }

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
	h := &Hold{key: key, path: path + stepsEnd, lock: flock.New(path+lockEnd, flock.SetPermissions(fileMode))}
	got, err := acquire(ctx, h.lock)
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

// acquire waits for a lock. One whose file Prune has taken away since it was opened
// keeps nobody out: then it is another file that counts.
func acquire(ctx context.Context, lock *flock.Flock) (bool, error) {
	for {
		got, err := lock.TryLockContext(ctx, retry)
		if !got || err != nil || named(lock) {
			return got, err
		}
		if err := lock.Unlock(); err != nil {
			return false, err
		}
	}
}

// named tells whether the file of a lock is still there under its name.
func named(lock *flock.Flock) bool {
	held, err := lock.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(lock.Path())
	return err == nil && os.SameFile(held, there)
}

// HoldFor is Hold for a message that tells of these objectives. One under the same key
// that tells of none of them is another message, of other files: it is passed by, and
// Turn tells it from this one.
func (l *Ledger) HoldFor(ctx context.Context, key Key, about []string) (*Hold, error) {
	for ; ; key.Turn++ {
		h, err := l.Hold(ctx, key)
		if err != nil || !h.last.apart(about) {
			return h, err
		}
		if err := h.Release(); err != nil {
			return nil, err
		}
	}
}

// Turn tells this message from others under the same key; see HoldFor.
func (h *Hold) Turn() int { return h.key.Turn }

// apart tells whether e tells of other objectives than these, and of none of them.
func (e Entry) apart(about []string) bool {
	return len(e.About) > 0 && len(about) > 0 && !slices.ContainsFunc(about, e.tells)
}

// tells tells whether e is about an objective.
func (e Entry) tells(id string) bool {
	_, is := slices.BinarySearch(e.About, id)
	return is
}

// Lacks returns the objectives of these of which e does not tell.
func (e Entry) Lacks(about []string) []string {
	return slices.DeleteFunc(slices.Clone(about), e.tells)
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
	long := h.shorten() // no reason not to note what became of a message
	if err := appendLine(h.path, line); err != nil {
		return fmt.Errorf("the ledger cannot be written: %w", errors.Join(err, long))
	}
	h.last = e
	return nil
}

// Release lets others send the message.
func (h *Hold) Release() error { return h.lock.Unlock() }
