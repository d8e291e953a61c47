// Package schema writes the JSON Schema of SLO files, so that editors complete and
// check them. It is made of the tables of keys that spec.Check reads, and is laxer
// than spec.Load: what several keys say together is left to Load.
package schema

import (
	"encoding/json"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/nines-slo/nines/slo/spec"
)

// Of returns the JSON Schema (draft 2020-12) of the native format with these kinds
// of sources and destinations. The same kinds give the same bytes.
func Of(known spec.Known) ([]byte, error) {
	kinds := known.Sources
	root := object(spec.FileKeys())
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.Title = "nines SLO file, " + spec.APIVersion
	root.Defs = map[string]*jsonschema.Schema{"sli": sli(kinds)}
	var sources, destinations []string
	for _, k := range kinds {
		sources = append(sources, k.Name)
		root.Defs["source-"+k.Name] = object(spec.SourceKeys(k))
		root.Defs["sli-"+k.Name] = object(spec.SLIKeys(k))
	}
	for _, k := range known.Destinations {
		destinations = append(destinations, k.Name)
		root.Defs["destination-"+k.Name] = object(spec.DestinationKeys(k))
	}
	root.Defs["source"] = chosen("source", "Kind of the source.", sources)
	root.Defs["destination"] = chosen("destination", "Kind of the destination.", destinations)
	root.Properties["destinations"].Type = "object"
	root.Properties["destinations"].AdditionalProperties = ref("destination")
	alone := jsonschema.Schema{Required: []string{"destinations"}, MaxProperties: jsonschema.Ptr(2)} // for other files' services
	root.If, root.Else, root.Required = &alone, &jsonschema.Schema{Required: root.Required}, []string{"apiVersion"}
	root.Properties["sources"].Type = "object"
	root.Properties["sources"].MinProperties = jsonschema.Ptr(1)
	root.Properties["sources"].AdditionalProperties = ref("source")
	root.Properties["slos"].Items.Properties["sli"].Ref = ref("sli").Ref
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(text, '\n'), nil
}

func ref(def string) *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + def} }

// chosen chooses the keys of a definition by its type.
func chosen(def, doc string, types []string) *jsonschema.Schema {
	names := []any{}
	s := &jsonschema.Schema{Type: "object", Required: []string{"type"}}
	for _, one := range types {
		names = append(names, one)
		var name any = one
		is := &jsonschema.Schema{
			Required:   []string{"type"},
			Properties: map[string]*jsonschema.Schema{"type": {Const: &name}},
		}
		s.AllOf = append(s.AllOf, &jsonschema.Schema{If: is, Then: ref(def + "-" + one)})
	}
	s.Properties = map[string]*jsonschema.Schema{"type": {Enum: names, Description: doc}}
	return s
}

// sli allows what any kind of source does, and counts with sources of their own:
// a schema cannot look up the type of the source that an sli names.
func sli(kinds []spec.SourceKind) *jsonschema.Schema {
	one := &jsonschema.Schema{}
	for _, k := range kinds {
		one.AnyOf = append(one.AnyOf, ref("sli-"+k.Name))
	}
	two := &jsonschema.Schema{
		Type: "object", MinProperties: jsonschema.Ptr(2), MaxProperties: jsonschema.Ptr(2),
		Properties: map[string]*jsonschema.Schema{}, PropertyOrder: []string{"good", "bad", "total"},
		AdditionalProperties: nothing(),
	}
	for _, count := range two.PropertyOrder {
		half := one.CloneSchemas()
		half.Description = "The " + count + " events, from a source of their own."
		two.Properties[count] = half
	}
	return &jsonschema.Schema{AnyOf: append(one.AnyOf, two)}
}

func nothing() *jsonschema.Schema { return &jsonschema.Schema{Not: &jsonschema.Schema{}} }

func object(keys []spec.Key) *jsonschema.Schema {
	s := &jsonschema.Schema{
		Type: "object", Properties: map[string]*jsonschema.Schema{}, AdditionalProperties: nothing(),
	}
	for _, k := range spec.Companions(keys) {
		if k.Means != "" {
			continue
		}
		s.PropertyOrder = append(s.PropertyOrder, k.Name)
		s.Properties[k.Name] = key(k)
		if k.Required && k.Type != spec.Variable { // the secret may come from a file
			s.Required = append(s.Required, k.Name)
		}
	}
	return s
}

func key(k spec.Key) *jsonschema.Schema {
	s := value(k)
	s.Description = k.Doc
	return s
}

func value(k spec.Key) *jsonschema.Schema {
	switch k.Type {
	case spec.Any:
		return &jsonschema.Schema{}
	case spec.Condition:
		return &jsonschema.Schema{Type: "object"}
	case spec.TextMap:
		return &jsonschema.Schema{Type: "object", AdditionalProperties: scalar(spec.Key{Type: spec.Name})}
	case spec.Texts:
		text := spec.Key{Type: spec.Text, Enum: k.Enum}
		list := &jsonschema.Schema{Type: "array", MinItems: jsonschema.Ptr(1), Items: scalar(text)}
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{scalar(text), list}}
	case spec.Objects:
		list := &jsonschema.Schema{Type: "array", Items: object(k.Keys)}
		if !k.Empty {
			list.MinItems = jsonschema.Ptr(1)
		}
		return list
	case spec.Object:
		if k.Short == nil {
			return object(k.Keys)
		}
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{scalar(*k.Short), object(k.Keys)}}
	}
	return scalar(k)
}

func scalar(k spec.Key) *jsonschema.Schema {
	form := k.Type.Form()
	s := &jsonschema.Schema{Type: "string"}
	switch {
	case len(k.Enum) > 0:
		for _, text := range k.Enum {
			s.Enum = append(s.Enum, text)
		}
		return s
	case k.Type == spec.Boolean:
		return &jsonschema.Schema{Type: "boolean"}
	case k.Type == spec.Text, k.Type == spec.Name:
		s.Type, s.Types = "", []string{"string", "number", "boolean"}
	case form.Number:
		s.Type, s.Types = "", []string{"string", "number"}
	}
	s.MinLength, s.Pattern = jsonschema.Ptr(1), form.Pattern
	switch k.Type {
	case spec.Name:
		s.MaxLength = jsonschema.Ptr(spec.MaxName)
	case spec.Text:
		s.MaxLength = jsonschema.Ptr(spec.MaxText)
	}
	if k.Type != spec.Text && k.Type != spec.Name {
		s.Examples = []any{form.Example}
	}
	return s
}
