package sources

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// A question has a part of the time, and says so where it is over; the rest is left.
func TestShare(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	share, end := Share(ctx, 2, 3)
	defer end()
	until, ok := share.Deadline()
	if left := time.Until(until); !ok || left > 40*time.Minute || left < 39*time.Minute {
		t.Errorf("%s of an hour", left)
	}
	quarter, end := Share(OneOf(ctx, 4), 2, 3)
	defer end()
	if until, ok = quarter.Deadline(); !ok || time.Until(until) > 10*time.Minute || time.Until(until) < 9*time.Minute {
		t.Errorf("%s of an hour for one of four works", time.Until(until))
	}
	none, end := Share(OneOf(t.Context(), 4), 2, 3)
	defer end()
	if _, limited := none.Deadline(); limited {
		t.Error("time without end has an end in part")
	}

	ctx, cancel = context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	share, end = Share(ctx, 1, 100)
	defer end()
	<-share.Done()
	err := Done(share)
	if ClassOf(err) != Temporary || !strings.Contains(err.Error(), "its share of the time") || Done(ctx) != nil {
		t.Errorf("%v (%s), and of all: %v", err, ClassOf(err), Done(ctx))
	}

	stopped, stop := context.WithCancelCause(t.Context())
	share, end = Share(stopped, 1, 2)
	defer end()
	stop(errors.New("enough"))
	if err := Done(share); ClassOf(err) != Cancelled || err.Error() != "enough" {
		t.Errorf("%v (%s), want the caller's", err, ClassOf(err))
	}
}

// Nobody waits for longer than there is time.
func TestWaits(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	if !Waits(ctx, time.Second) || Waits(ctx, time.Hour) || !Waits(t.Context(), time.Hour) {
		t.Error("what is longer than the time is waited for, or what is shorter is not")
	}
	if cancel(); Waits(ctx, 0) {
		t.Error("it is over")
	}
}
