package unit

// Words are the terms that outputs share.
type Words struct {
	_ [0]func() // nobody compares two: that would be 3 kB of code

	Objective, Status, Target, Actual, Spent, Left, Window, Coverage                string
	SLI, BadEvents, Slices, Incidents, Start, End                                   string
	Exclusion, Exclusions, AgreedBy, Calls, GeneratedAt, Provisional, Final, NoData string
	Method, Kind, Timezone, Period, Date                                            string
	Warnings, Source, Previous                                                      string
	Services, Version, Digest                                                       string
	Rows, Unread, Newest, Input, Type, Error, Unexcluded                            string
	MethodAndData                                                                   string
}

// Words returns the language's terms.
func (l Language) Words() Words {
	return Words{
		Objective:     l.Say("term.objective"),
		Status:        l.Say("term.status"),
		Target:        l.Say("term.target"),
		Actual:        l.Say("term.actual"),
		Spent:         l.Say("term.spent"),
		Left:          l.Say("term.left"),
		Window:        l.Say("term.window"),
		Coverage:      l.Say("term.coverage"),
		SLI:           l.Say("term.sli"),
		BadEvents:     l.Say("term.bad_events"),
		Slices:        l.Say("term.slices"),
		Incidents:     l.Say("term.incidents"),
		Start:         l.Say("term.start"),
		End:           l.Say("term.end"),
		Exclusion:     l.Say("term.exclusion"),
		Exclusions:    l.Say("term.exclusions"),
		AgreedBy:      l.Say("term.agreed_by"),
		Calls:         l.Say("term.calls"),
		GeneratedAt:   l.Say("term.generated_at"),
		Provisional:   l.Say("term.provisional"),
		Final:         l.Say("term.final"),
		NoData:        l.Say("term.no_data"),
		Method:        l.Say("term.method"),
		Kind:          l.Say("term.kind"),
		Timezone:      l.Say("term.timezone"),
		Period:        l.Say("term.period"),
		Date:          l.Say("term.date"),
		Warnings:      l.Say("term.warnings"),
		Source:        l.Say("term.source"),
		Previous:      l.Say("term.previous"),
		Services:      l.Say("term.services"),
		Version:       l.Say("term.version"),
		Digest:        l.Say("term.digest"),
		Rows:          l.Say("term.rows"),
		Unread:        l.Say("term.unread"),
		Newest:        l.Say("term.newest"),
		Input:         l.Say("term.input"),
		Type:          l.Say("term.type"),
		Error:         l.Say("term.error"),
		Unexcluded:    l.Say("term.unexcluded"),
		MethodAndData: l.Say("term.method_and_data"),
	}
}
