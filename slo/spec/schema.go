package spec

import (
	"encoding/json"

	"github.com/google/jsonschema-go/jsonschema"
)

// Schema returns the JSON Schema (draft 2020-12) of this format with these kinds
// of sources, for editors. It is made of the tables that Check reads, and is laxer
// than Load: what several keys say together is left to Load. The same kinds give
// the same bytes.
func Schema(kinds []SourceKind) ([]byte, error) {
	b := schemaBuilder{types: scalarTypes()}
	root := b.object(fileKeys())
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.Title = "nines SLO file, " + APIVersion
	root.Defs = map[string]*jsonschema.Schema{"source": b.source(kinds), "sli": b.sli(kinds)}
	for _, k := range kinds {
		root.Defs["source-"+k.Name] = b.object(sourceKeys(k))
		root.Defs["sli-"+k.Name] = b.object(sliKeys(k))
	}
	root.Properties["sources"].Type = "object"
	root.Properties["sources"].MinProperties = jsonschema.Ptr(1)
	root.Properties["sources"].AdditionalProperties = ref("source")
	sli := root.Properties["slos"].Items.Properties["sli"]
	sli.Ref = ref("sli").Ref
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(text, '\n'), nil
}

type schemaBuilder struct{ types map[Type]scalarType }

func ref(def string) *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + def} }

// source chooses the keys of a source by its type.
func (b schemaBuilder) source(kinds []SourceKind) *jsonschema.Schema {
	names := []any{}
	s := &jsonschema.Schema{Type: "object", Required: []string{"type"}}
	for _, k := range kinds {
		names = append(names, k.Name)
		var name any = k.Name
		is := &jsonschema.Schema{Required: []string{"type"}, Properties: map[string]*jsonschema.Schema{"type": {Const: &name}}}
		s.AllOf = append(s.AllOf, &jsonschema.Schema{If: is, Then: ref("source-" + k.Name)})
	}
	s.Properties = map[string]*jsonschema.Schema{"type": {Enum: names, Description: "Kind of the source."}}
	return s
}

// sli allows what any kind of source does, and counts with sources of their own:
// a schema cannot look up the type of the source that an sli names.
func (b schemaBuilder) sli(kinds []SourceKind) *jsonschema.Schema {
	one := &jsonschema.Schema{}
	for _, k := range kinds {
		one.AnyOf = append(one.AnyOf, ref("sli-"+k.Name))
	}
	two := &jsonschema.Schema{Type: "object", MinProperties: jsonschema.Ptr(2), MaxProperties: jsonschema.Ptr(2),
		Properties: map[string]*jsonschema.Schema{}, PropertyOrder: []string{"good", "bad", "total"}, AdditionalProperties: nothing()}
	for _, count := range two.PropertyOrder {
		half := one.CloneSchemas()
		half.Description = "The " + count + " events, from a source of their own."
		two.Properties[count] = half
	}
	return &jsonschema.Schema{AnyOf: append(one.AnyOf, two)}
}

func nothing() *jsonschema.Schema { return &jsonschema.Schema{Not: &jsonschema.Schema{}} }

func (b schemaBuilder) object(keys []Key) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}, AdditionalProperties: nothing()}
	for _, k := range companions(keys) {
		if k.Means != "" {
			continue
		}
		s.PropertyOrder = append(s.PropertyOrder, k.Name)
		s.Properties[k.Name] = b.key(k)
		if k.Required && k.Type != variable { // the secret may come from a file
			s.Required = append(s.Required, k.Name)
		}
	}
	return s
}

func (b schemaBuilder) key(k Key) *jsonschema.Schema {
	s := b.value(k)
	s.Description = k.Doc
	return s
}

func (b schemaBuilder) value(k Key) *jsonschema.Schema {
	switch k.Type {
	case Any:
		return &jsonschema.Schema{}
	case Condition:
		return &jsonschema.Schema{Type: "object"}
	case TextMap:
		return &jsonschema.Schema{Type: "object", AdditionalProperties: b.scalar(Key{Type: Name})}
	case Texts:
		list := &jsonschema.Schema{Type: "array", MinItems: jsonschema.Ptr(1), Items: b.scalar(Key{Type: Text, Enum: k.Enum})}
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{b.scalar(Key{Type: Text, Enum: k.Enum}), list}}
	case Objects:
		list := &jsonschema.Schema{Type: "array", Items: b.object(k.Keys)}
		if !k.Empty {
			list.MinItems = jsonschema.Ptr(1)
		}
		return list
	case Object:
		if k.Short == nil {
			return b.object(k.Keys)
		}
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{b.scalar(*k.Short), b.object(k.Keys)}}
	}
	return b.scalar(k)
}

func (b schemaBuilder) scalar(k Key) *jsonschema.Schema {
	t := b.types[k.Type]
	s := &jsonschema.Schema{Type: "string"}
	switch {
	case len(k.Enum) > 0:
		for _, text := range k.Enum {
			s.Enum = append(s.Enum, text)
		}
		return s
	case k.Type == Boolean:
		return &jsonschema.Schema{Type: "boolean"}
	case k.Type == Text, k.Type == Name:
		s.Type, s.Types = "", []string{"string", "number", "boolean"}
	case t.number:
		s.Type, s.Types = "", []string{"string", "number"}
	}
	s.MinLength, s.Pattern = jsonschema.Ptr(1), t.pattern
	switch k.Type {
	case Name:
		s.MaxLength = jsonschema.Ptr(maxName)
	case Text:
		s.MaxLength = jsonschema.Ptr(maxText)
	}
	if k.Type != Text && k.Type != Name {
		s.Examples = []any{t.example}
	}
	return s
}
