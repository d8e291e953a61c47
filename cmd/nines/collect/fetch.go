package collect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/nines-slo/nines/cmd/nines/reach"
	"github.com/nines-slo/nines/sources"
)

// sideBySide is how many sources are read at the same time. Each holds the buckets of
// its own answers.
const sideBySide = 4

// fetch puts every inquiry to its source and has hear take the answers, in this
// goroutine and in the order of the inquiries: a source that is done before its turn
// waits with its first answer. It returns when all sources are done with. The error is that
// of hear, after which nothing more is read.
func fetch(ctx context.Context, p Plan, inquiries []*inquiry, hear func(*reader) error) error {
	var done sync.WaitGroup
	defer done.Wait()
	stop := make(chan struct{}) // nobody takes answers any more
	defer close(stop)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	readers := make([]*reader, len(inquiries))
	for i, inq := range inquiries {
		readers[i] = &reader{inquiry: inq, answers: make(chan sources.Answer)}
	}
	done.Go(func() {
		slots := make(chan struct{}, sideBySide)
		for _, r := range readers {
			slots <- struct{}{} // in time: who has one ends when stop does
			done.Go(func() {
				r.read(ctx, p, stop)
				<-slots
			})
		}
	})
	for _, r := range readers {
		if err := hear(r); err != nil {
			return err
		}
	}
	return nil
}

// reader reads one source.
type reader struct {
	inquiry *inquiry
	answers chan sources.Answer // closed when there are no more
	err     error               // of all questions; to be read after answers is closed
}

func (r *reader) read(ctx context.Context, p Plan, stop <-chan struct{}) {
	defer close(r.answers)
	select {
	case <-stop:
		return
	default:
	}
	r.err = put(ctx, p, r.inquiry, func(a sources.Answer) {
		select {
		case r.answers <- a:
		case <-stop:
		}
	})
}

// world returns what a source may use. It asks no host but those it may go to.
func (p Plan) world(source reach.Entry) (sources.Env, error) {
	source, err := source.Resolved(p.Env.Getenv, p.Env.Root)
	if err != nil {
		return sources.Env{}, err
	}
	env := p.Env
	env.Types = p.Hear != nil
	guard := source.Guard(p.Hosts)
	env.HTTP, env.Through = guard.HTTP(env.HTTP), guard.Through(env.Through)
	return env, nil
}

// put opens a source, asks it everything and closes it.
func put(ctx context.Context, p Plan, i *inquiry, emit func(sources.Answer)) (err error) {
	kind, ok := sources.Find(p.Kinds, i.source.Type)
	if !ok {
		return fmt.Errorf("source %q: unknown type %q", i.source.Name, i.source.Type)
	}
	env, err := p.world(reach.Source(i.source, kind.SourceKind))
	if err != nil {
		return err
	}
	src, err := kind.Open(ctx, i.source.Block, env)
	if err != nil {
		return err
	}
	if c, ok := src.(io.Closer); ok {
		defer func() { err = errors.Join(err, c.Close()) }()
	}
	return src.Fetch(ctx, i.requests(), emit)
}
