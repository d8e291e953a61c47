package main

// initCmd is being written.
type initCmd struct{}

// Run executes the command.
func (initCmd) Run(a *app) error { return nil }
