// Package notify is the seam between what nines has to tell and the places where
// people read. A Kind describes one kind of place and opens a Destination, which packs
// a Message into Parcels, each within the limits of the place, and sends one parcel
// at a time. Each kind is a package of its own below this one; notify/all lists them.
//
// The place is on the other side of a network, so three things may have become of a
// parcel: it arrived, it surely did not, or nobody knows. A Receipt says which. Who
// sends, package ledger's keeper, decides by that whether it may send again: a
// destination tries once and never by itself a second time.
package notify

import (
	"context"
	"net/http"
	"time"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/paths"
)

// Kind is one kind of destination.
type Kind struct {
	spec.DestinationKind

	// Keyed tells that the far side knows a parcel by its ID, so that sending it again
	// does no harm.
	Keyed bool

	// Open prepares a destination of a checked block and reads its secrets. It makes
	// no connection. Errors show no secret.
	Open func(cfg spec.Block, env Env) (Destination, error)
}

// Env is what a destination may use of the world around it.
type Env struct {
	Now    func() time.Time
	Getenv func(string) string // where secrets come from; nil: an empty environment
	Root   *paths.Root         // below which files of secrets lie, nil for anywhere

	// HTTP makes the requests. It tries once, follows no redirect that leaves the
	// host, bounds answers and takes secrets out of its errors. Nil: no network.
	HTTP http.RoundTripper

	// Dial opens connections of what speaks no HTTP. Nil: no network.
	Dial Dialer

	// Run runs a command with text on its standard input. Nil: nothing may be run.
	Run Runner

	Stdout func([]byte) error // of the program, for who reads there
}

// Specs returns what files may say of each kind.
func Specs(kinds []Kind) []spec.DestinationKind {
	var out []spec.DestinationKind
	for _, k := range kinds {
		out = append(out, k.DestinationKind)
	}
	return out
}

// Destination is one place where people, or programs that call them, read. It may be
// used by one goroutine at a time.
type Destination interface {
	// Pack returns what m becomes here, in the order in which it is sent: mostly one
	// parcel, of mail one a recipient, of pagers one a change. The same message gives
	// the same bytes. What does not fit is left out by Fit, never cut.
	Pack(m Message) ([]Parcel, error)

	// Send tries once to hand over a parcel of Pack.
	Send(ctx context.Context, p Parcel) Receipt
}

// Parcel is what is handed over at once.
type Parcel struct {
	Part string // which of the message's parcels: a recipient, an alert; "" if it is the only one
	ID   string // tells the far side that it has seen this parcel before; the same in every run
	Body []byte // what goes out, secrets as ***: --dry-run shows it
	Left int    // rows of the message that had no room

	// Own is what the destination itself needs to send it; no other reads it.
	Own any
}

// Outcome is what became of a parcel.
type Outcome string

const (
	Sent    Outcome = "sent"    // the far side has taken it
	Failed  Outcome = "failed"  // it surely did not arrive; another attempt may end better
	Refused Outcome = "refused" // it surely did not arrive, and will not as it is
	Unknown Outcome = "unknown" // it may have arrived
)

// Receipt tells what became of a parcel.
type Receipt struct {
	Outcome Outcome
	Wait    time.Duration // before another attempt, as the far side asks; 0 if it does not
	Ref     string        // what the far side calls it, for messages that follow; "" if it does not say
	Err     error         // why it is not Sent, or what of it is missing although it is; without secrets
}
