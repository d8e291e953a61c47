package ical

import (
	"encoding/binary"
	"slices"
)

// tzif returns a time zone whose clocks change as all says, in order of time, in the
// form that time.LoadLocationFromTZData reads (RFC 8536, version 2). It is the one way
// to make a time.Location with rules of one's own.
func tzif(all []change) []byte {
	offsets := []int{0} // the first is what held before all
	if len(all) > 0 {
		offsets[0] = all[0].from
	}
	var times, kinds []byte
	for _, c := range all {
		kind := 1 + slices.Index(offsets[1:], c.to)
		if kind == 0 {
			offsets = append(offsets, c.to)
			kind = len(offsets) - 1
		}
		times = binary.BigEndian.AppendUint64(times, uint64(c.at.Unix()))
		kinds = append(kinds, byte(kind))
	}
	out := append(tzifHeader(0, 0), tzifHeader(len(all), len(offsets))...)
	out = append(append(out, times...), kinds...)
	for _, offset := range offsets {
		out = binary.BigEndian.AppendUint32(out, uint32(int32(offset)))
		out = append(out, 0, 0) // no summer time, the name at 0
	}
	return append(out, 0, '\n', '\n') // the name "", and no rule for later
}

// tzifHeader returns the header of a block with so many changes and kinds of offset.
func tzifHeader(changes, kinds int) []byte {
	out := append([]byte("TZif2"), make([]byte, 15)...)
	names := min(kinds, 1)
	for _, n := range []int{0, 0, 0, changes, kinds, names} {
		out = binary.BigEndian.AppendUint32(out, uint32(n))
	}
	return out
}
