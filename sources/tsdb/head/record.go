package head

import (
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/tsdb/folder"
)

// Types of records.
const (
	seriesRecord         = 1
	samplesRecord        = 2
	tombstonesRecord     = 3
	histogramsRecord     = 7
	floatHistograms      = 8
	customHistograms     = 9
	customFloats         = 10
	samplesStarts        = 11 // with the time when each series started, as the next ones
	histogramsStarts     = 12
	floatHistogramStarts = 13
)

// visitor sees what a log holds.
type visitor interface {
	// series is a series that further records name by ref. Its labels are good until it
	// returns.
	series(ref uint64, l sample.Labels)
	// wants tells whether the samples of a series are to be read.
	wants(ref uint64) bool
	float(ref uint64, time int64, value float64)
	histogram(ref uint64, time int64, h sample.Histogram)
	// deleted tells that samples of a series were deleted.
	deleted(ref uint64, from, to int64)
}

// decoder reads records.
type decoder struct {
	labels sample.Labels
}

// record tells v what a record holds. Those of exemplars, of metadata and of the places
// of late samples hold no samples; types that are not known are passed over, as
// Prometheus does.
func (d *decoder) record(record []byte, v visitor) error {
	b := folder.Bytes{Rest: record}
	switch kind := b.Byte(); kind {
	case seriesRecord:
		return d.series(record, v)
	case tombstonesRecord:
		for len(b.Rest) > 0 {
			if ref, from, to := b.Uint64(), b.Varint(), b.Varint(); !b.Bad {
				v.deleted(ref, from, to)
			}
		}
		return ended(&b, "deletions")
	case samplesRecord, samplesStarts:
		for at := begin(&b, kind == samplesStarts); at.next(); {
			if value := b.Float(); !b.Bad && v.wants(at.ref) {
				v.float(at.ref, at.time, value)
			}
		}
		return ended(&b, "samples")
	case histogramsRecord, customHistograms, histogramsStarts:
		return histograms(begin(&b, kind == histogramsStarts), true, v)
	case floatHistograms, customFloats, floatHistogramStarts:
		return histograms(begin(&b, kind == floatHistogramStarts), false, v)
	}
	return nil
}

// ended says that a record does not end where its last entry does.
func ended(b *folder.Bytes, what string) error {
	if b.Bad {
		return unreadable("its " + what + " are cut short")
	}
	return nil
}

// series reads a record of series. All their texts are parts of one, so that they are not
// allocated one by one for those that nobody asks for.
func (d *decoder) series(record []byte, v visitor) error {
	text := string(record)
	b := folder.Bytes{Rest: record[1:]}
	part := func() string {
		length := len(b.Text())
		end := len(text) - len(b.Rest)
		return text[end-length : end]
	}
	for len(b.Rest) > 0 {
		ref := b.Uint64()
		d.labels = d.labels[:0]
		for range b.Count(2) {
			if l := (sample.Label{Name: part(), Value: part()}); l.Value != "" {
				d.labels = append(d.labels, l)
			}
		}
		if !b.Bad {
			v.series(ref, d.labels)
		}
	}
	return ended(&b, "series")
}

// entries are the samples of a record: whose each is, and of when.
type entries struct {
	b      *folder.Bytes
	starts bool // the record says when series started
	begun  bool
	ref    uint64
	time   int64

	firstRef  uint64
	firstTime int64
}

func begin(b *folder.Bytes, starts bool) *entries {
	e := &entries{b: b, starts: starts}
	if !starts && len(b.Rest) > 0 {
		e.firstRef, e.firstTime = b.Uint64(), int64(b.Uint64())
	}
	return e
}

// next reads the head of the next entry. Each refers to the first of the record, the
// series in a record with starts to the one before.
func (e *entries) next() bool {
	if len(e.b.Rest) == 0 {
		return false
	}
	ref, time := uint64(e.b.Varint()), e.b.Varint()
	switch {
	case !e.starts:
		e.ref, e.time = e.firstRef+ref, e.firstTime+time
	case !e.begun:
		e.ref, e.time, e.firstTime = ref, time, time
		e.b.Varint()
	default:
		e.ref, e.time = e.ref+ref, e.firstTime+time
		if e.b.Byte() > 1 { // 0: not known, 1: that of the one before
			e.b.Varint()
		}
	}
	e.begun = true
	return !e.b.Bad
}

// histograms reads a record of histograms, whose counts are whole or floats.
func histograms(at *entries, whole bool, v visitor) error {
	for at.next() {
		wanted := v.wants(at.ref)
		h, err := histogram(at.b, whole, wanted)
		if at.b.Bad {
			break
		}
		if err != nil {
			return unreadable("its " + err.Error())
		}
		if wanted {
			v.histogram(at.ref, at.time, h)
		}
	}
	return ended(at.b, "histograms")
}
