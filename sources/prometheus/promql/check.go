package promql

import "github.com/nines-slo/nines/slo/diag"

// CheckCount returns what is wrong with an expression that counts events, under the key
// good, bad or total: of the sort that makes the number wrong as errors, else as
// warnings. per are the labels that its answer is asked for.
func (e Expr) CheckCount(key string, per []string) diag.List { return nil }

// CheckValue returns what is wrong with an expression under the key value, which is
// judged once a step.
func (e Expr) CheckValue(per []string) diag.List { return nil }
