package accesslog

import (
	"context"
	"math"
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
	j, folders, err := s.prepare(reqs)
	if err != nil {
		return err
	}
	j.begin(files.Len())
	inputs, err := files.Each(ctx, j.file)
	j.end()
	if err != nil {
		return err
	}
	for _, f := range folders[1:] {
		folders[0].Merge(f)
	}
	s.answer(j, folders[0], inputs, len(reqs), emit)
	return nil
}

// prepare compiles the requests once per worker: they share nothing that changes.
func (s *source) prepare(reqs []sources.Request) (*job, []*fold.Folder, error) {
	l, err := s.spec.compile()
	if err != nil {
		return nil, nil, err
	}
	if _, findings := fold.New(reqs, l.resolve, l.known(), nil); findings.Errors() {
		return nil, nil, findings
	}
	l.settle() // percentiles must not cost lines that the conditions can judge
	duration := s.duration(l, reqs)
	var folders []*fold.Folder
	j := newJob(l, s.end(), newMinutes(span(reqs)), func() event {
		f, _ := fold.New(reqs, l.resolve, l.known(), duration)
		f.At = s.env.At
		folders = append(folders, f)
		return f.Add
	})
	return j, folders, nil
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
	p.Start = p.Start.Truncate(time.Minute)
	return p
}

func (s *source) answer(j *job, f *fold.Folder, inputs []sources.Input, requests int, emit func(sources.Answer)) {
	notes := s.unreadNotes(j, inputs)
	if notes.Errors() {
		for i := range requests {
			emit(sources.Answer{Request: i, Inputs: inputs, Err: notes})
		}
		return
	}
	notes = append(notes, s.lateNote(j)...)
	var first, last time.Time
	if from, to, ok := j.span(); ok {
		first, last = time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC()
		notes = append(notes, s.silenceNotes(j.busy(), to)...)
	} else {
		notes = append(notes, diag.Warnf(s.cfg.Get("path").Pos, "accesslog/empty", "there is no line to count"))
	}
	f.Unsure = func(i int, events, of int64) diag.List {
		return s.unsureNotes(f.Need(i), j.unsure(i), events, of)
	}
	f.Emit(first, last, notes, inputs, emit)
}
