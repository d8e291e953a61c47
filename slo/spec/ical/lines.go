package ical

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	ics "github.com/arran4/golang-ical"
)

// property is one content line of a component: "DTSTART;TZID=Asia/Tokyo:20261004T010000".
type property struct {
	name   string              // in capitals
	params map[string][]string // by name
	value  string
	line   int // the first of folded ones
}

func (p property) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: %s %w", p.line, p.name, fmt.Errorf(format, args...))
}

// param returns the first value of a parameter, and whether it is given.
func (p property) param(name string) (value string, given bool) {
	for known, values := range p.params {
		if strings.EqualFold(known, name) && len(values) > 0 {
			return values[0], true
		}
	}
	return "", false
}

// contentLines calls f with every content line, folded lines joined.
//
// Note: the library's own loop over lines counts them per component only, so its
// errors cannot say where they are.
func contentLines(ctx context.Context, r io.Reader, f func(property) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	content := folded{take: f}
	line := 0
	for s.Scan() {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		line++
		text := strings.TrimSuffix(s.Text(), "\r")
		if line == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		if err := content.add(text, line); err != nil {
			return err
		}
	}
	if err := s.Err(); errors.Is(err, bufio.ErrTooLong) {
		return tooLong(line + 1)
	} else if err != nil {
		return err
	}
	if err := content.flush(); err != nil {
		return err
	}
	if !content.seen {
		return errors.New("line 1: the file is empty, not an iCalendar file")
	}
	return nil
}

func tooLong(line int) error { return fmt.Errorf("line %d: longer than %d MiB", line, maxLine>>20) }

// folded joins the lines of a file to content lines and hands them to take.
type folded struct {
	take  func(property) error
	text  strings.Builder
	first int  // line of text
	seen  bool // there was a content line
}

// add takes the next line of the file. One that begins with a blank goes on with
// the line above it.
func (c *folded) add(text string, line int) error {
	blank := strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\t")
	if blank && c.text.Len() > 0 {
		c.text.WriteString(text[1:])
		if c.text.Len() > maxLine {
			return tooLong(c.first)
		}
		return nil
	}
	if err := c.flush(); err != nil {
		return err
	}
	c.first = line
	c.text.WriteString(strings.TrimRight(text, " "))
	return nil
}

// flush hands on the content line that is complete.
func (c *folded) flush() error {
	if c.text.Len() == 0 {
		return nil
	}
	c.seen = true
	p, err := ics.ParseProperty(ics.ContentLine(c.text.String()))
	c.text.Reset()
	if err != nil || p == nil {
		return fmt.Errorf("line %d: this is not a line of an iCalendar file", c.first)
	}
	return c.take(property{strings.ToUpper(p.IANAToken), p.ICalParameters, p.Value, c.first})
}
