package input

import (
	"bytes"
)

// endSize is how much of the beginning and the end of a content is kept.
const endSize = 4 << 10

// ends are the beginning and the end of a content, and its length.
type ends struct {
	head, tail []byte
	size       int64
}

// Write keeps what it must of p.
func (e *ends) Write(p []byte) (int, error) {
	e.size += int64(len(p))
	e.head = append(e.head, p[:min(len(p), endSize-len(e.head))]...)
	if keep := endSize - len(p); keep <= 0 {
		e.tail = append(e.tail[:0], p[-keep:]...)
	} else {
		e.tail = append(e.tail[:copy(e.tail, e.tail[max(0, len(e.tail)-keep):])], p...)
	}
	return len(p), nil
}

// lines returns the first line that is no comment and the last line, false if there
// are not two that differ.
func (e *ends) lines() (first, last string, ok bool) {
	head := bytes.TrimPrefix(e.head, []byte("\ufeff"))
	for first == "" && len(head) > 0 {
		var one []byte
		if one, head, _ = bytes.Cut(head, []byte{'\n'}); !bytes.HasPrefix(one, []byte("#")) {
			first = string(bytes.TrimSpace(one))
		}
	}
	tail := bytes.TrimSpace(e.tail)
	last = string(bytes.TrimSpace(tail[bytes.LastIndexByte(tail, '\n')+1:]))
	return first, last, first != "" && last != "" && first != last
}
