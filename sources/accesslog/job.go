package accesslog

import (
	"context"
	"io"
	"runtime"
	"slices"
	"sync"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/input"
)

// maxWorkers bounds how many goroutines parse. Reading and unpacking feed no more
// than that.
const maxWorkers = 8

// job reads the files of one source with several workers. Each worker takes the
// next block of the open file that has the fewest workers, so that many files are
// unpacked side by side and a single one is parsed side by side. What they find
// does not depend on how many they are.
type job struct {
	workers []*worker
	found   []found // by file
	wait    sync.WaitGroup

	mu      sync.Mutex
	changed *sync.Cond // a file was opened, or there will be none
	open    []*opened
	ended   bool // no file will be opened
}

// opened is a file that is being read.
type opened struct {
	stream  *stream
	workers int  // reading it now
	atEnd   bool // all its blocks were taken
	done    chan struct{}
}

// newJob makes workers; sink returns where the next of them puts its events.
func newJob(l *layout, at int64, busy minutes, sink func() event) *job {
	j := &job{}
	j.changed = sync.NewCond(&j.mu)
	for range min(runtime.GOMAXPROCS(0), maxWorkers) {
		j.workers = append(j.workers, newWorker(l, at, busy, sink()))
	}
	return j
}

// begin starts the workers, which read until end.
func (j *job) begin(files int) {
	j.found = make([]found, files)
	for _, w := range j.workers {
		j.wait.Go(func() {
			for f := j.take(w.layout.serial); f != nil; f = j.take(w.layout.serial) {
				j.leave(f, w.read(f.stream))
			}
		})
	}
}

// end waits until the workers have ended. No file is open any more.
func (j *job) end() {
	j.mu.Lock()
	j.ended = true
	j.mu.Unlock()
	j.changed.Broadcast()
	j.wait.Wait()
}

// file has the workers read one file and counts its lines.
func (j *job) file(_ context.Context, f *input.File, r io.Reader) error {
	o := &opened{stream: &stream{r: r, plain: !input.Packed(r)}, done: make(chan struct{})}
	j.mu.Lock()
	j.open = append(j.open, o)
	j.mu.Unlock()
	j.changed.Broadcast()
	<-o.done
	if err := o.stream.err; err != io.EOF {
		return err
	}
	all := o.stream.total(f.Input.Name, j.workers[0].at)
	f.Input.Rows, f.Input.Unread, f.Input.CarriedBy = all.rows, all.unread, all.carriers.String()
	j.found[f.Index] = all
	return nil
}

// take returns the open file that has the fewest workers, and waits for one if
// there is none. It is nil once the job has ended. A file may need a worker of
// its own, since its lines depend on those before.
func (j *job) take(alone bool) *opened {
	j.mu.Lock()
	defer j.mu.Unlock()
	for {
		var best *opened
		for _, o := range j.open {
			if !o.atEnd && (best == nil || o.workers < best.workers) {
				best = o
			}
		}
		if best != nil && !(alone && best.workers > 0) {
			best.workers++
			return best
		}
		if j.ended {
			return nil
		}
		j.changed.Wait()
	}
}

// leave ends a worker's reading of a file. The last one to leave closes it.
func (j *job) leave(o *opened, atEnd bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	o.workers--
	o.atEnd = o.atEnd || atEnd
	if o.atEnd && o.workers == 0 {
		j.open = slices.DeleteFunc(j.open, func(other *opened) bool { return other == o })
		close(o.done)
	}
}

// unread returns what could not be read as far as a demand goes, with the first of the
// lines in the order of the files.
func (j *job) unread(demand int) (all refused) {
	for _, f := range j.found {
		if demand < len(f.refused) {
			all.merge(f.refused[demand])
			all.examples = append(all.examples, f.examples(demand, j.workers[0].layout.preset)...)
		}
	}
	all.examples = all.examples[:min(len(all.examples), maxExamples)]
	return all
}

// examples returns the first lines of a file that a demand cannot be read of. A file in
// which no line fits a preset, nor most of them a format that the SLO file makes up, nor is
// one of any known format, may be none of a log at all, but something that an SLO file wants
// to see: of such lines only the places are shown.
func (f *found) examples(demand int, preset bool) []example {
	refused := &f.refused[demand]
	fit := f.rows - refused.n
	if preset && fit > 0 || fit > refused.n || looksLike(refused.examples) != "" {
		return refused.examples
	}
	hidden := slices.Clone(refused.examples)
	for i := range hidden {
		hidden[i].text = ""
	}
	return hidden
}

// unsure returns the first lines that a request could not judge, in the order of
// the files.
func (j *job) unsure(request int) (first []fold.Shown) {
	for _, f := range j.found {
		if request >= len(f.unsure) {
			continue
		}
		for _, e := range f.unsure[request] {
			pos := diag.Pos{File: e.file, Line: e.line}
			first = append(first, fold.Shown{Pos: pos, Lacks: e.lacks, Excerpt: e.text})
		}
	}
	return first[:min(len(first), maxExamples)]
}

// share returns the part of the input that could not be read: of the lines, or that of
// long and damaged lines of the bytes if that is more.
func (j *job) share(unread refused) fold.Share {
	rows, bytes := j.size(unread)
	if unread.bySize(rows, bytes) {
		return fold.Share{Part: unread.long, Whole: bytes}
	}
	return fold.Share{Part: unread.n, Whole: rows}
}

// bySize tells whether long and damaged lines are more of the bytes than all are of the lines.
func (r *refused) bySize(rows, bytes int64) bool {
	return float64(r.long)*float64(rows) > float64(r.n)*float64(bytes)
}

// size returns how many lines there are, and how many bytes they have, without the
// records that are none of a request.
func (j *job) size(unread refused) (rows, bytes int64) {
	for _, f := range j.found {
		rows, bytes = rows+f.rows, bytes+f.bytes
	}
	for _, n := range unread.aside {
		rows -= n
	}
	return rows, bytes
}

// tally returns what was seen of the lines that fit a demand.
func (j *job) tally(demand int) tally {
	all := newTally(j.workers[0].all.busy)
	for _, w := range j.workers {
		all.merge(w.all)
		all.merge(w.some[demand])
	}
	return all
}

// span returns the times of the first and the last event, false without one. If there
// are later lines than may count, the log went on up to them: last is then at, the
// instant from which they are too late.
func (t *tally) span(at int64) (first, last int64, ok bool) {
	if ok = t.first <= t.last; ok && t.late > 0 {
		return t.first, at, true
	}
	return t.first, t.last, ok
}
