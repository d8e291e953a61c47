package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/nines-slo/nines/sources"
)

// processors sets GOMAXPROCS for one test.
func processors(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// rotated finds n files, 00.log and so on, that hold their number.
func rotated(t *testing.T, n int) *Files {
	t.Helper()
	content := map[string][]byte{}
	for i := range n {
		content[fmt.Sprintf("%02d.log", i)] = fmt.Append(nil, i)
	}
	files, err := Find(path(t, `"*.log"`), folder(t, content), sources.Env{Digest: true})
	if err != nil || files.Len() != n {
		t.Fatalf("found %d files, %v, want %d", files.Len(), err, n)
	}
	return files
}

// As many files as there are processors are open at a time, and no more. Each of
// them waits until all others of them are open, which never comes if they are
// read one after the other.
func TestFilesAreReadSideBySide(t *testing.T) {
	for _, c := range []struct{ processors, files, want int }{{1, 3, 1}, {3, 9, 3}, {4, 2, 2}, {20, 16, maxReaders}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			processors(t, c.processors)
			var mu sync.Mutex
			open, most, together := 0, 0, make(chan struct{})
			inputs, err := rotated(t, c.files).Each(t.Context(), func(_ context.Context, f *File, r io.Reader) error {
				mu.Lock()
				open++
				if most = max(most, open); open == c.want && most == open {
					select {
					case <-together:
					default:
						close(together)
					}
				}
				mu.Unlock()
				<-together
				b, err := io.ReadAll(r)
				f.Input.Rows = int64(len(b))
				mu.Lock()
				open--
				mu.Unlock()
				return err
			})
			if err != nil || most != c.want || len(inputs) != c.files {
				t.Fatalf("%d files, %d at a time, %v; want %d, %d at a time", len(inputs), most, err, c.files, c.want)
			}
			for i, in := range inputs {
				if want := fmt.Sprintf("%02d.log", i); in.Name != want || in.Rows != int64(len(fmt.Sprint(i))) || in.Digest == "" {
					t.Errorf("input %d: %+v, want %s with its rows and digest", i, in, want)
				}
			}
		})
	}
}

// The first file in order that has an error gives it, though the error of a later
// one came first. What lies behind is not begun, or cancelled.
func TestFirstErrorInOrder(t *testing.T) {
	processors(t, 3)
	failed := make(chan struct{})
	var mu sync.Mutex
	var begun []int
	cancelled := errors.New("not cancelled")
	inputs, err := rotated(t, 9).Each(t.Context(), func(ctx context.Context, f *File, _ io.Reader) error {
		mu.Lock()
		begun = append(begun, f.Index)
		mu.Unlock()
		switch f.Index {
		case 1: // ends after file 2 has failed
			<-failed
			return errors.New("the second is broken")
		case 2:
			defer close(failed)
			return errors.New("the third is broken")
		case 3: // waits for the end that file 2 makes of it
			<-ctx.Done()
			mu.Lock()
			cancelled = context.Cause(ctx)
			mu.Unlock()
			return cancelled
		}
		return nil
	})
	if err == nil || err.Error() != "the second is broken" || len(inputs) != 1 {
		t.Errorf("error %v after %d files, want that of the second", err, len(inputs))
	}
	if slices.Max(begun) > 3 || slices.Contains(begun, 3) && !errors.Is(cancelled, errStopped) {
		t.Errorf("began %v, file 3 ended with %v", begun, cancelled)
	}
}

func TestTurn(t *testing.T) {
	for _, n := range []int{1, 4} {
		processors(t, n)
		var order []string
		_, err := rotated(t, 12).Each(t.Context(), func(ctx context.Context, f *File, r io.Reader) error {
			b, err := io.ReadAll(r)
			if f.Index%2 == 0 { // a file that does not wait does not end the wait of others
				return err
			}
			if err := f.Turn(ctx); err != nil {
				return err
			}
			order = append(order, string(b))
			return nil
		})
		if got := strings.Join(order, " "); got != "1 3 5 7 9 11" || err != nil {
			t.Errorf("%d processors: %s, %v", n, got, err)
		}
	}
}

// An error ends the wait of the files behind it.
func TestTurnIsCancelled(t *testing.T) {
	processors(t, 2)
	waiting := make(chan struct{})
	_, err := rotated(t, 2).Each(t.Context(), func(ctx context.Context, f *File, _ io.Reader) error {
		if f.Index == 1 {
			close(waiting)
			return f.Turn(ctx)
		}
		<-waiting
		return errors.New("broken")
	})
	if err == nil || err.Error() != "broken" {
		t.Errorf("error %v, want broken", err)
	}
}

// With the context all readers end, and Each after them.
func TestCancelledInTheMiddle(t *testing.T) {
	processors(t, 2)
	var reading atomic.Int32
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("time is up")
	_, err := rotated(t, 5).Each(ctx, func(ctx context.Context, f *File, _ io.Reader) error {
		reading.Add(1)
		defer reading.Add(-1)
		if f.Index == 1 {
			cancel(cause)
		}
		<-ctx.Done()
		return context.Cause(ctx)
	})
	if !errors.Is(err, cause) || reading.Load() != 0 {
		t.Errorf("error %v, want %v; %d files are still read", err, cause, reading.Load())
	}
}
