// Package survey looks at an access log and proposes SLOs that would fit it: which
// paths are worth an objective, and which targets and thresholds the log has kept.
package survey

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/accesslog"
	"github.com/nines-slo/nines/sources/input"
)

const noFormatHint = "hint: write a file with nines init and give format: your log_format or LogFormat string; " +
	"for a table, nines init --template table"

// unknown says that a log is of no known format, and how far the nearest one came.
func unknown(file string, near accesslog.Near, some bool) error {
	if !some {
		return fmt.Errorf("%s has no known log format\n%s", file, noFormatHint)
	}
	return fmt.Errorf("%s:%d: no known log format fits; the nearest is %s, which this line breaks: %s\n%s",
		file, near.Line, near.Format, near.Text, noFormatHint)
}

// Look reads a log, or a glob of them, whatever known format it has.
func Look(ctx context.Context, stdin io.Reader, path string) (*Survey, error) {
	files, err := input.Find(spec.Value{Kind: spec.Scalar, Text: path}, "", sources.Env{Stdin: sources.NewStdin(stdin)})
	if err != nil {
		return nil, err
	}
	s := &Survey{groups: map[string]*group{}}
	_, err = files.Each(ctx, func(ctx context.Context, f *input.File, r io.Reader) error {
		if err := f.Turn(ctx); err != nil {
			return err
		}
		b := bufio.NewReaderSize(r, 64<<10)
		sample, err := b.Peek(64 << 10)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(sample) == 0 {
			return nil
		}
		near, ok := accesslog.Nearest(sample)
		if !near.Fits {
			return unknown(f.Input.Name, near, ok)
		}
		if s.format == "" {
			s.format = near.Format
		}
		in, err := accesslog.Inspect(b, near.Format, s.add)
		s.unread += in.Unread
		s.carried(in.CarriedBy)
		return err
	})
	switch all := s.below(&group{prefix: "*"}); {
	case err != nil:
	case s.lines == 0:
		err = fmt.Errorf("%s has no line that can be read", path)
	case all.answered+all.timed == 0:
		err = fmt.Errorf("%s has no request with a status or a duration, which an objective could be about", path)
	}
	return s, err
}
