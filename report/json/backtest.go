package json

import (
	"io"

	"github.com/nines-slo/nines/report"
)

// Backtest writes b as nines.backtest/v1:
//
//	schema ranges matching sources   ranges: "whole", with --prometheus-semantics 2 "closed", 3 "left-open";
//	                                 the rule of matching, in English
//	from to                          instants, both included
//	incidents                        "file", or "counts": found by nines, and no judge of the alerts
//	incidents_outside                of the file, over before from or begun after to: not judged
//	slos                             service name labels target window step late_minutes coverage warnings error, delay where
//	                                 the source has one, conditions[]{condition, policy, class, firings}, policies[] and classes[]
//	total                            policies over all objectives, without firings and matches
//
//	tuning                           with --tune: folds, tried, incidents, too_short ("incidents", "folds", "period"), default, base,
//	                                 recommended, silent and front[] of {policy, in_sample, held_out, chosen}, held_out of what
//	                                 each fold chose, held_out_base, each of {incidents, detected (in time), late, missed, recall,
//	                                 delay_minutes, false, false_per_week}; max_false is how many false pages a week the choice
//	                                 allows; kept ("unbeaten", "max_false", "held_out"): why the default is recommended;
//	                                 incidents_shown: those in which two windows that are tried are both over lowest_factor,
//	                                 mostly_unseen: they are fewer than half; yaml; own_defaults: the default of objectives differs, and
//	                                 default is each one's own; default_cannot_fire: on data counted every step, base stands in;
//	                                 mixed_steps: some data is finer; embargo_minutes beside a fold; incidents_needed
//
// Each of policies, classes and total:
//
//	name class fired per_week                      per_week is null if from and to are less than a week apart
//	cannot_fire                                    none of its conditions can ever be true
//	detection_minutes reset_minutes spent_before   {median, worst}
//	detected late missed not_judged false          counts; null without an incidents file, as are
//	precision recall                               ratios
//	firings unmatched_firings                      [{start, end}]; end is null while it fires; since_earlier is true of one that
//	                                               began before from, and absent of others
//	matches                                        [{incident, start, end, outcome, already_firing, fired,
//	                                               detection_minutes, reset_minutes, spent_before}]
func Backtest(w io.Writer, b *report.Backtest) error {
	out := *b
	out.Objectives = nil
	return writeList(w, out, b.Objectives)
}
