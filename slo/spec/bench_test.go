package spec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/spec/yaml"
)

func BenchmarkLoad(b *testing.B) {
	text := "apiVersion: nines/v1\nservice: x\nsources:\n  m: {type: csv, path: a.csv}\nslos:\n"
	for i := range 1000 {
		text += fmt.Sprintf("  - {name: slo %d, target: 99.9%%, window: 30d, sli: {source: m}}\n", i)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		read("x.yaml", text)
	}
}

// The dearest files that the limits let through.
func BenchmarkHostile(b *testing.B) {
	for name, text := range map[string]string{
		"unknown keys": "apiVersion: nines/v1\n" + keys(49_000),
		"dashes":       strings.Repeat("-\n", 90_000),
		"quotes":       strings.Repeat(`"`, 70_000),
		"flow":         "a: [" + strings.Repeat("a,", 90_000) + "]",
		"long text":    "a: " + strings.Repeat("x", yaml.MaxBytes-10),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				read("x.yaml", text)
			}
		})
	}
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "servic%d: 1\n", i)
	}
	return b.String()
}
