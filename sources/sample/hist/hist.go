// Package hist has the sums of histograms, classic and native: how many events lie at or
// below a threshold, how much of it is new since the sample before, and percentiles for
// looking at. It reads nothing and knows no series.
//
// A histogram knows its events by bucket alone. Where a threshold is the bound of a bucket
// the count below it is exact; where it lies between two bounds there are two counts, one
// that takes none of that bucket (low) and one that takes all of it (high). The true count
// is between them, and nothing here guesses where.
//
// Buckets hold what is at or below their upper bound, so "< 300ms" is counted as
// "<= 300ms" is: see Limit.Inclusive. The negative buckets of a native histogram, mirrored
// at 0, are the other way around: an event exactly at a threshold under zero is not
// counted as below it.
package hist

// Refusal says why something cannot be read, and how to mend it.
type Refusal struct{ What, Hint string }

// Error says what is wrong.
func (r *Refusal) Error() string { return r.What }
