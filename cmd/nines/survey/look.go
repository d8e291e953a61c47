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

const noFormatHint = "hint: write a file with nines init and give format: your log_format or LogFormat string"

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
		format, ok := accesslog.Detect(sample)
		if !ok {
			return fmt.Errorf("%s has no known log format\n%s", f.Input.Name, noFormatHint)
		}
		if s.format == "" {
			s.format = format
		}
		in, err := accesslog.Inspect(b, format, s.add)
		s.unread += in.Unread
		return err
	})
	if err == nil && s.lines == 0 {
		err = fmt.Errorf("%s has no line that can be read", path)
	}
	return s, err
}
