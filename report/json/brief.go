package json

import (
	"io"

	"github.com/nines-slo/nines/report"
)

// Brief writes b as nines.summary/v1:
//
//	schema version at language timezone title
//	owner                 of a summary for one owner
//	period                {name, start, end, timezone}
//	final                 the period was over and all of it measured
//	headline              the whole message in one line
//	need_attention        of how many objectives the budget is gone or soon will be, was gone when a window ended
//	                      within the period, or nobody knows for sure
//	slos                  worst first, each {id, service, name, owner, target, standing, spent_before, change,
//	                      window_turned, window_before, why, coverage, unmeasured_minutes, doubt, forecast,
//	                      overspent, error, warnings}; standing is that of its own
//	                      window at the period's end, as in nines.report/v1; change is what of the budget went in the
//	                      period, null where another window has begun (window_turned) or one of both is unknown;
//	                      window_before is the calendar window that ended within the period; why: it could not be
//	                      judged, or not surely; coverage, unmeasured_minutes, doubt and warnings are of the period,
//	                      doubt as in nines.report/v1; unmeasured_minutes is 0 where gaps count as good or bad
//	gate                  {verdict, reasons[]{objectives, verdict, text}, opens}, as of at; an objective once, for its
//	                      worst reason
//	alerts                of the period, by class: {class, fired, in_incidents, in_none, still_firing}
//	incidents deploys     of the period, as in nines.report/v1, but spent is of the objectives' own budgets; of the
//	                      deploys those that likely cost budget
//	sources link          what was read; the address of the full report
func Brief(w io.Writer, b *report.Brief) error { return write(w, b) }
