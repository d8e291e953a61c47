package csv

import (
	"bytes"
	"errors"
	"io"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/table"
)

// records splits a file into records of fields.
type records struct {
	lines  *table.Lines
	comma  byte // 0: what the first line has of a comma, a tab, a semicolon and a bar
	begun  bool // the first line was read
	fields [][]byte
	text   []byte // what quoted fields hold
	ends   []int  // of quoted fields in text, by field; −1 for others
}

// next returns the fields of the next record and the line it starts on. Blank
// lines are skipped. The bytes are good until the following call.
func (r *records) next() (fields [][]byte, line int, err error) {
	for {
		text, err := r.lines.Next()
		line = r.lines.Number()
		switch {
		case errors.Is(err, table.ErrTooLong):
			return nil, line, bad(line, "line is longer than 1 MiB")
		case err != nil:
			return nil, line, err
		case len(text) == 0 || len(bytes.TrimLeft(text, " ")) == 0:
			continue
		}
		if !r.begun {
			r.begun = true
			if why := foreign(text, line); why != nil {
				return nil, line, why
			}
			if c, ok := separator(text); ok {
				r.comma = c
				continue
			}
		}
		if r.comma == 0 {
			r.comma = sniff(text)
		}
		if bytes.IndexByte(text, '"') < 0 {
			r.split(text)
		} else {
			err = r.quoted(text, line)
		}
		return r.fields, line, err
	}
}

// sniff returns what stands between the names of a header: a comma if there is one, else
// the first of a tab, a semicolon and a bar. What is quoted is part of a name.
func sniff(line []byte) byte {
	quoted, found := false, byte(0)
	for _, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',':
			return ','
		case found == 0 && (c == '\t' || c == ';' || c == '|'):
			found = c
		}
	}
	if found == 0 {
		return ','
	}
	return found
}

// foreign says what a first line is that names no columns: of a file of another kind.
func foreign(line []byte, number int) error {
	refuse := func(why, hint string) error {
		return diag.Errorf(diag.Pos{Line: number}, "header", "%s", why).WithHint("%s", hint)
	}
	switch {
	case line[0] == '{' || line[0] == '[':
		return refuse("the first line is JSON", "type: ndjson reads one object a line")
	case bytes.IndexFunc(line, func(c rune) bool { return c < ' ' && c != '\t' }) >= 0:
		return refuse("the first line holds control characters: the file is no text, or of another encoding",
			"export it as csv, or say how it is encoded: encoding: utf-16le")
	}
	return nil
}

// separator reads the line "sep=;" that Excel writes, and obeys, before a table.
func separator(line []byte) (byte, bool) {
	line = bytes.Trim(bytes.TrimRight(line, " "), `"`)
	if len(line) < 5 || !bytes.EqualFold(line[:4], []byte("sep=")) {
		return 0, false
	}
	c, ok := delimiter(string(line[4:5]))
	return c, ok && len(bytes.Trim(line[5:], string(line[4:5])+`"`)) == 0
}

func bad(line int, why string) diag.Finding {
	return diag.Errorf(diag.Pos{Line: line}, "row", "%s", why)
}

// split cuts a line without quotes.
func (r *records) split(text []byte) {
	r.fields = r.fields[:0]
	for {
		i := bytes.IndexByte(text, r.comma)
		if i < 0 {
			r.fields = append(r.fields, text)
			return
		}
		r.fields = append(r.fields, text[:i])
		text = text[i+1:]
	}
}

// quoted cuts a record in which fields are quoted, and reads on where a quoted
// field holds a line end. Its fields are copies.
func (r *records) quoted(line []byte, first int) error {
	r.text, r.ends = r.text[:0], r.ends[:0]
	defer r.cut()
	for {
		var err error
		if len(line) > 0 && line[0] == '"' {
			line, err = r.quotedField(line[1:], first)
		} else {
			line, err = r.bareField(line, first)
		}
		if err != nil {
			return err
		}
		r.ends = append(r.ends, len(r.text))
		if line == nil {
			return nil
		}
	}
}

// cut makes fields of what was copied.
func (r *records) cut() {
	r.fields = r.fields[:0]
	start := 0
	for _, end := range r.ends {
		r.fields = append(r.fields, r.text[start:end:end])
		start = end
	}
}

// bareField copies a field without quotes and returns the line after the
// delimiter, nil at its end.
func (r *records) bareField(line []byte, first int) ([]byte, error) {
	i := bytes.IndexByte(line, r.comma)
	field := line
	if i >= 0 {
		field = line[:i]
	}
	if bytes.IndexByte(field, '"') >= 0 {
		return nil, bad(first, `field has a quote inside, but none around it`).
			WithHint(`write "say ""hello""" for say "hello"`)
	}
	r.text = append(r.text, field...)
	if i < 0 {
		return nil, nil
	}
	return line[i+1:], nil
}

// quotedField copies a field from after its opening quote.
func (r *records) quotedField(line []byte, first int) ([]byte, error) {
	for {
		i := bytes.IndexByte(line, '"')
		switch {
		case i < 0:
			r.text = append(append(r.text, line...), '\n')
			var err error
			if line, err = r.more(first); err != nil {
				return nil, err
			}
			continue
		case i+1 < len(line) && line[i+1] == '"':
			r.text = append(r.text, line[:i+1]...)
			line = line[i+2:]
			continue
		}
		r.text = append(r.text, line[:i]...)
		switch line = line[i+1:]; {
		case len(line) == 0:
			return nil, nil
		case line[0] == r.comma:
			return line[1:], nil
		}
		return nil, bad(first, "field goes on after its closing quote").
			WithHint(`a quote inside a quoted field is written ""`)
	}
}

// more reads the next line of a record. A quote that is never closed would
// swallow all rows after it, so that ends the file.
func (r *records) more(first int) ([]byte, error) {
	line, err := r.lines.Next()
	switch {
	case errors.Is(err, table.ErrTooLong) || err == nil && len(r.text)+len(line) > table.MaxLine:
		return nil, diag.List{bad(first, "quoted field is longer than 1 MiB").WithHint("is its closing quote missing?")}
	case err == io.EOF:
		return nil, diag.List{bad(first, "quote is not closed before the end of the file")}
	}
	return line, err
}
