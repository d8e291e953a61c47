package accesslog

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/input"
	"github.com/nines-slo/nines/sources/match"
)

// Fetch reads every file once, for all requests.
func (s *source) Fetch(ctx context.Context, reqs []sources.Request, emit func(sources.Answer)) error {
	files, err := input.Find(s.cfg.Get("path"), s.cfg.Dir, s.env)
	if err != nil {
		return err
	}
	files.Decode(s.cfg.Get("encoding"))
	r, err := s.prepare(reqs)
	if err != nil {
		return err
	}
	r.job.begin(files.Len())
	inputs, err := files.Each(ctx, r.job.file)
	r.job.end()
	if err != nil {
		return err
	}
	r.overlaps = files.Overlaps(s.cfg.Get("path"))
	for _, f := range r.folders[1:] {
		r.folders[0].Merge(f)
	}
	r.answer(inputs, emit)
	return nil
}

// run is one Fetch.
type run struct {
	source   *source
	layout   *layout
	requests []sources.Request // those that can be asked of the layout
	index    []int             // of each in the requests of the Fetch
	refused  map[int]error     // the others
	job      *job
	folders  []*fold.Folder // by worker
	overlaps diag.List      // of the files
}

// prepare compiles the requests once per worker: they share nothing that changes.
func (s *source) prepare(reqs []sources.Request) (*run, error) {
	l, err := s.spec.compile()
	if err != nil {
		return nil, err
	}
	r := &run{source: s, layout: l, refused: map[int]error{}}
	known := l.known()
	base := l.demand()
	var demands []*demand
	for i, req := range reqs {
		d := &demand{required: slices.Clone(base.required), status: base.status}
		if _, findings := fold.New([]sources.Request{req}, l.asking(d), known, nil); findings.Errors() {
			r.refused[i] = findings
			continue
		}
		demands, r.requests, r.index = append(demands, d), append(r.requests, req), append(r.index, i)
	}
	l.settle(demands) // percentiles must not cost lines that the conditions can judge
	durations := slices.Repeat([]*match.Field{s.duration(l, reqs)}, len(r.requests))
	r.job = newJob(l, s.end(), newMinutes(span(r.requests)), func() event {
		f, _ := fold.New(r.requests, l.resolve, known, durations)
		f.Source = fold.Source{At: s.env.At, Room: "accesslog", Noun: "line", MaxUnread: fold.ReadMaxUnread(s.cfg)}
		r.folders = append(r.folders, f)
		return f.AddFor
	})
	return r, nil
}

// duration returns the field that percentiles are made of, nil if nobody wants any.
func (s *source) duration(l *layout, reqs []sources.Request) *match.Field {
	for _, r := range reqs {
		if !r.Percentiles {
			continue
		}
		if f, ok := l.resolve("duration"); ok {
			return &f
		}
	}
	return nil
}

// end returns the second from which events are too late.
func (s *source) end() int64 {
	if s.env.At.IsZero() {
		return math.MaxInt64
	}
	end := s.env.At.Unix()
	if s.env.At.Nanosecond() > 0 {
		end++
	}
	return end
}

// span returns the whole minutes from the first start to the last end.
func span(reqs []sources.Request) slo.Period {
	var p slo.Period
	for _, r := range reqs {
		p = p.Hull(r.Period)
	}
	return wholeMinutes(p)
}

// answer answers every request with what could be read for it.
func (r *run) answer(inputs []sources.Input, emit func(sources.Answer)) {
	for i := range len(r.requests) + len(r.refused) {
		if err := r.refused[i]; err != nil {
			emit(sources.Answer{Request: i, Err: err})
		}
	}
	f := r.folders[0]
	f.Emit(r.seen, inputs, func(a sources.Answer) {
		a.Request = r.index[a.Request]
		emit(a)
	})
}

// doubt has what a request could not read doubt its counts. A file of which nothing can
// be read is taken to be as new as the newest line.
func (r *run) doubt(i int, unread refused, last int64) {
	rows, bytes := r.job.size(unread)
	mean := 0.0
	if read := rows - unread.n; read > 0 {
		mean = float64(bytes-unread.bytes) / float64(read)
	}
	for at, w := range unread.at {
		r.folders[0].Unread(i, at, w.events(mean))
	}
	if unread.lost != (weight{}) {
		r.folders[0].Unread(i, last, unread.lost.events(mean))
	}
}

// seen returns what was seen of the lines that could be read for a request.
func (r *run) seen(i int) fold.Seen {
	s, demand := r.source, r.layout.demandOf(i)
	lines, unread := r.job.tally(demand), r.job.unread(demand)
	saw := fold.Seen{Unread: r.job.share(unread), Shown: r.job.unsure(i),
		Tell: func(over string) diag.List { return s.unreadNotes(unread, r.job, over) }}
	saw.Notes = slices.Concat(r.overlaps, s.asideNotes(unread.aside), s.lateNote(lines))
	first, last, ok := lines.span(s.end())
	if !ok {
		empty := diag.Warnf(s.cfg.Get("path").Pos, "accesslog/empty", "there is no line to count")
		saw.Notes = append(saw.Notes, empty)
		if lines.late > 0 {
			saw.First = time.Unix(lines.coming, 0).UTC()
		}
		return saw
	}
	r.doubt(i, unread, lines.last)
	saw.Notes = append(saw.Notes, s.silenceNotes(lines.busy.of(r.requests[i].Period), last)...)
	saw.First, saw.Last = time.Unix(first, 0).UTC(), time.Unix(last, 0).UTC()
	if saw.Fresh = saw.Last; lines.late == lines.future { // none of the minute that has begun
		saw.Fresh = time.Unix(lines.last, 0).UTC()
	}
	return saw
}
