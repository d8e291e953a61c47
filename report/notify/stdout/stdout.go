// Package stdout writes messages as plain text to the program's standard output, for
// pipes and for trying things out.
package stdout

import (
	"context"
	"errors"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo/spec"
)

// Kind is the kind of destination.
func Kind() notify.Kind {
	return notify.Kind{
		DestinationKind: spec.DestinationKind{Name: "stdout", Doc: "Standard output, as plain text."},
		Open: func(_ spec.Block, env notify.Env) (notify.Destination, error) {
			if env.Stdout == nil {
				return nil, errors.New("there is no standard output here")
			}
			return destination{env.Stdout}, nil
		},
	}
}

type destination struct{ write func([]byte) error }

// Pack returns the whole message: a terminal has room for all of it.
func (destination) Pack(m notify.Message) ([]notify.Parcel, error) {
	return []notify.Parcel{{ID: m.ID, Body: []byte(notify.Plain(m))}}, nil
}

// Send writes it.
func (d destination) Send(_ context.Context, p notify.Parcel) notify.Receipt {
	if err := d.write(p.Body); err != nil {
		return notify.Receipt{Outcome: notify.Unknown, Err: err}
	}
	return notify.Receipt{Outcome: notify.Sent}
}
