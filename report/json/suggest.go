package json

import (
	"io"

	"github.com/nines-slo/nines/report"
)

// Suggest writes s as nines.suggest/v1:
//
//	schema from to sources
//	warning    what has to be said of every target that history suggests, in English
//	slos       service name labels window warnings error,
//	           start (of the history), windows (held against, a day apart), windows_needed, missing_days, distinct_windows,
//	           now and targets[] of {share, target, met, pages, pages_per_month, proven}
//
// share is that of the past windows which a target was made for, met that in which
// it would have been met. pages is null where the default page can never fire.
// targets is empty where history is too short. proven is false where not one event
// was bad: the target is then no more than what so many events prove.
func Suggest(w io.Writer, s *report.Suggestions) error { return write(w, s) }
