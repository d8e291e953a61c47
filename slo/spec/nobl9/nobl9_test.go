package nobl9

import (
	"flag"
	"testing"

	"github.com/nines-slo/nines/slo/spec/formattest"
)

var _ = flag.Bool("update", false, "write the golden files anew")

func TestFiles(t *testing.T) { formattest.Run(t, Format()) }

func FuzzNative(f *testing.F) { formattest.Fuzz(f, Format()) }
