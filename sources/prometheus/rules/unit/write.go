package unit

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/sources/prometheus/rules/yamlout"
)

// values writes the samples of a counter that grows by counts: from 0 on, or late with the
// first event, before which there are none.
func values(counts []int, late bool) string {
	var out []string
	begin, sum := 0, 0
	if late {
		for begin < len(counts) && counts[begin] == 0 {
			begin++
		}
		out = append(out, "_x"+strconv.Itoa(begin+1))
		if begin == len(counts) {
			return out[0]
		}
		sum, begin = counts[begin], begin+1
		if begin == len(counts) {
			out = append(out, growth(sum, 0, 0))
		}
	}
	for i := begin; i < len(counts); {
		run := i
		for run < len(counts) && counts[run] == counts[i] {
			run++
		}
		if i == begin { // a run has its first value and one for each minute behind it
			out = append(out, growth(sum, counts[i], run-i))
		} else {
			out = append(out, growth(sum+counts[i], counts[i], run-i-1))
		}
		sum += counts[i] * (run - i)
		i = run
	}
	return strings.Join(out, " ")
}

func growth(from, by, times int) string {
	return strconv.Itoa(from) + "+" + strconv.Itoa(by) + "x" + strconv.Itoa(times)
}

// File writes a file of tests of the rules in a file. Begin it with NewFile.
type File struct {
	out   *bufio.Writer
	begun bool // there is a test
}

// Mark is the first line of each file: one that has it may be written anew.
const Mark = "# Made by nines rules. Run promtool test rules with this file."

// NewFile begins a file.
func NewFile(w io.Writer, ruleFile string) *File {
	f := &File{out: bufio.NewWriter(w)}
	f.line(Mark)
	f.line("rule_files: [", yamlout.Text(ruleFile), "]")
	f.line("evaluation_interval: 1m")
	return f
}

// Add writes a test.
func (f *File) Add(t Test) {
	if !f.begun {
		f.line("tests:")
	}
	f.begun = true
	f.line("  - name: ", yamlout.Text(t.Name))
	f.line("    interval: 1m")
	f.line("    input_series:")
	for _, s := range t.Series {
		f.line("      - series: ", yamlout.Text(s.Name))
		f.line("        values: ", yamlout.Text(s.Values))
	}
	f.line("    promql_expr_test:")
	for _, c := range t.Checks {
		f.line("      - expr: ", yamlout.Text(c.Expr))
		f.line("        eval_time: ", strconv.Itoa(c.Minute), "m")
		if c.True {
			f.line("        exp_samples: [{labels: '{}', value: 1}]")
		} else {
			f.line("        exp_samples: []")
		}
	}
}

// Close writes what is still held.
func (f *File) Close() error {
	if !f.begun {
		f.line("tests: []")
	}
	return f.out.Flush()
}

func (f *File) line(texts ...string) {
	for _, text := range texts {
		f.out.WriteString(text)
	}
	f.out.WriteByte('\n')
}
