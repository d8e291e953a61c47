package stdout

import (
	"testing"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/slo/spec"
)

func TestConformance(t *testing.T) {
	notifytest.Run(t, notifytest.Suite{
		Open: func(t *testing.T) notify.Destination {
			d, err := Kind().Open(spec.Block{}, notify.Env{Stdout: func([]byte) error { return nil }})
			if err != nil {
				t.Fatal(err)
			}
			return d
		},
		Takes:   func(notify.Parcel) error { return nil },
		Reads:   func(_ *testing.T, p notify.Parcel) string { return string(p.Body) },
		Program: true,
	})
}
