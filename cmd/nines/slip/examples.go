package slip

// Examples returns the uses shown under a command's help.
func Examples(command string) []string {
	return map[string][]string{
		"status": {
			"nines status",
			"nines status slos/ -o json --at yesterday",
			"nines status --only checkout --exit-code",
		},
		"report": {
			"nines report examples/shop",
			"nines report slos/ --period 2026-10 --out october",
			"nines report --html report.html --lang ja",
		},
		"alerts": {
			"nines alerts",
			"nines alerts --exit-code --only checkout",
			"nines alerts -o json --at 2026-05-05T06:10:00Z",
			"nines alerts -q --alertmanager http://alertmanager:9093",
			"nines alerts -q --notify",
		},
		"summary": {
			"nines summary",
			"nines summary slos/ --to chat --to mail --only-changes",
			"nines summary --period 2026-W47 --split owner --to chat --dry-run",
			"nines summary --sent",
		},
		"gate": {
			"nines gate",
			"nines gate slos/ --only checkout",
			"nines gate -o json > gate.json",
		},
		"backtest": {
			"nines backtest --from 2026-10-01 --to 2026-10-31",
			"nines backtest --incidents incidents.csv --compare fast,default",
		},
		"suggest": {
			"nines suggest",
			"nines suggest --only checkout --from 2026-05-01 -o json",
		},
		"explain": {
			"nines explain checkout/availability",
			"nines explain availability --series 1h -o csv > counts.csv",
		},
		"rules": {
			"nines rules > rules.yaml",
			"nines rules slos/ --only checkout --out rules.yaml",
			"nines rules --out rules.yaml --tests 2",
			"nines rules --kubernetes --out objects/",
			"nines rules --diff rules.yaml",
			"nines rules --out rules.yaml --dashboard slos.json --inhibit inhibit.yaml",
		},
		"validate": {
			"nines validate",
			"nines validate 'slos/*.yaml' -o json",
			"nines validate --online",
			"nines validate --online slo.yaml --source prometheus=http://localhost:9090",
		},
		"convert": {
			"nines convert sloth/ > nines.yaml",
			"nines convert slo.yaml --source prometheus=https://prometheus.example --out nines.yaml",
		},
		"init": {
			"nines init",
			"nines init --template demo",
			"nines init --template table",
			"nines init --from-log access.log.gz",
		},
		"schema":     {"nines schema > nines.schema.json"},
		"completion": {"nines completion bash > /etc/bash_completion.d/nines"},
		"version":    {"nines version"},
	}[command]
}
