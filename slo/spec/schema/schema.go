// Package schema writes the JSON Schema of SLO files, so that editors complete and
// check them. It is made of the tables of keys that spec.Check reads, and is laxer
// than spec.Load: what several keys say together is left to Load.
package schema

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/nines-slo/nines/slo/spec"
)

// node is a schema: the keywords of JSON Schema that are needed.
type node struct {
	Type                 any              `json:"type,omitempty"` // a name, or several
	Properties           properties       `json:"properties,omitzero"`
	Items                *node            `json:"items,omitempty"`
	Schema               string           `json:"$schema,omitempty"`
	Ref                  string           `json:"$ref,omitempty"`
	Defs                 map[string]*node `json:"$defs,omitempty"`
	Title                string           `json:"title,omitempty"`
	Description          string           `json:"description,omitempty"`
	Examples             []string         `json:"examples,omitempty"`
	Enum                 []any            `json:"enum,omitempty"`
	Const                string           `json:"const,omitempty"`
	MinLength            int              `json:"minLength,omitempty"`
	MaxLength            int              `json:"maxLength,omitempty"`
	Pattern              string           `json:"pattern,omitempty"`
	MinItems             int              `json:"minItems,omitempty"`
	MinProperties        int              `json:"minProperties,omitempty"`
	MaxProperties        int              `json:"maxProperties,omitempty"`
	Required             []string         `json:"required,omitempty"`
	AdditionalProperties any              `json:"additionalProperties,omitempty"` // a *node, or false
	AllOf                []*node          `json:"allOf,omitempty"`
	AnyOf                []*node          `json:"anyOf,omitempty"`
	If                   *node            `json:"if,omitempty"`
	Then                 *node            `json:"then,omitempty"`
	Else                 *node            `json:"else,omitempty"`
}

// properties are those of an object, in the order in which people read them.
type properties []property

type property struct {
	name string
	node *node
}

// of returns the property of that name, which there is.
func (p properties) of(name string) *node {
	for _, one := range p {
		if one.name == name {
			return one.node
		}
	}
	panic("no property " + name)
}

// MarshalJSON writes an object that keeps the order.
func (p properties) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	for i, one := range p {
		out.WriteByte("{,"[min(i, 1)])
		name, err := json.Marshal(one.name)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(one.node)
		if err != nil {
			return nil, err
		}
		out.Write(append(append(name, ':'), text...))
	}
	if len(p) == 0 {
		out.WriteByte('{')
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// Of returns the JSON Schema (draft 2020-12) of the native format with these kinds
// of sources and destinations. The same kinds give the same bytes.
func Of(known spec.Known) ([]byte, error) {
	kinds := known.Sources
	root := object(spec.FileKeys())
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.Title = "nines SLO file, " + spec.APIVersion
	root.Defs = map[string]*node{"sli": sli(kinds)}
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
	root.Properties.of("destinations").Type = "object"
	root.Properties.of("destinations").AdditionalProperties = ref("destination")
	alone := node{Required: []string{"destinations"}, MaxProperties: 2} // for other files' services
	root.If, root.Else, root.Required = &alone, &node{Required: root.Required}, []string{"apiVersion"}
	root.Properties.of("sources").Type = "object"
	root.Properties.of("sources").MinProperties = 1
	root.Properties.of("sources").AdditionalProperties = ref("source")
	root.Properties.of("slos").Items.Properties.of("sli").Ref = ref("sli").Ref
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(text, '\n'), nil
}

func ref(def string) *node { return &node{Ref: "#/$defs/" + def} }

// chosen chooses the keys of a definition by its type.
func chosen(def, doc string, types []string) *node {
	s := &node{Type: "object", Required: []string{"type"}}
	for _, one := range types {
		is := &node{
			Required:   []string{"type"},
			Properties: properties{{"type", &node{Const: one}}},
		}
		s.AllOf = append(s.AllOf, &node{If: is, Then: ref(def + "-" + one)})
	}
	s.Properties = properties{{"type", &node{Enum: oneOf(types), Description: doc}}}
	return s
}

// sli allows what any kind of source does, and counts with sources of their own:
// a schema cannot look up the type of the source that an sli names.
func sli(kinds []spec.SourceKind) *node {
	one := &node{}
	for _, k := range kinds {
		one.AnyOf = append(one.AnyOf, ref("sli-"+k.Name))
	}
	two := &node{
		Type: "object", MinProperties: 2, MaxProperties: 2,
		AdditionalProperties: false,
	}
	for _, count := range []string{"good", "bad", "total"} {
		half := &node{AnyOf: one.AnyOf, Description: "The " + count + " events, from a source of their own."}
		two.Properties = append(two.Properties, property{count, half})
	}
	return &node{AnyOf: append(one.AnyOf, two)}
}

func object(keys []spec.Key) *node {
	s := &node{Type: "object", Properties: properties{}, AdditionalProperties: false}
	for _, k := range spec.Companions(keys) {
		if k.Means != "" {
			continue
		}
		s.Properties = append(s.Properties, property{k.Name, key(k)})
		if k.Required && k.Type != spec.Variable { // the secret may come from a file
			s.Required = append(s.Required, k.Name)
		}
	}
	return s
}

func key(k spec.Key) *node {
	s := value(k)
	s.Description = k.Doc
	return s
}

func value(k spec.Key) *node {
	switch k.Type {
	case spec.Any:
		return &node{}
	case spec.Condition:
		return &node{Type: "object"}
	case spec.TextMap:
		each := spec.Key{Type: spec.Name}
		if k.Short != nil {
			each = *k.Short
		}
		return &node{Type: "object", AdditionalProperties: scalar(each)}
	case spec.Texts:
		text := spec.Key{Type: spec.Text, Enum: k.Enum}
		list := &node{Type: "array", MinItems: 1, Items: scalar(text)}
		return &node{AnyOf: []*node{scalar(text), list}}
	case spec.Objects:
		list := &node{Type: "array", Items: object(k.Keys)}
		if !k.Empty {
			list.MinItems = 1
		}
		return list
	case spec.Object:
		if k.Short == nil {
			return object(k.Keys)
		}
		return &node{AnyOf: []*node{scalar(*k.Short), object(k.Keys)}}
	}
	return scalar(k)
}

func scalar(k spec.Key) *node {
	form := k.Type.Form()
	s := &node{Type: "string"}
	switch {
	case len(k.Enum) > 0:
		return &node{Type: typeOf(k.Enum), Enum: oneOf(k.Enum)}
	case k.Type == spec.Boolean:
		return &node{Type: "boolean"}
	case k.Type == spec.Text, k.Type == spec.Name:
		s.Type = []string{"string", "number", "boolean"}
	case form.Number:
		s.Type = []string{"string", "number"}
	}
	s.MinLength, s.Pattern = 1, form.Pattern
	switch k.Type {
	case spec.Name:
		s.MaxLength = spec.MaxName
	case spec.Text:
		s.MaxLength = spec.MaxText
	}
	if k.Type != spec.Text && k.Type != spec.Name {
		s.Examples = []string{form.Example}
	}
	return s
}

// oneOf allows one of some texts, of which YAML reads true as a boolean.
func oneOf(texts []string) (all []any) {
	for _, text := range texts {
		if text == "true" {
			all = append(all, true)
		}
		all = append(all, text)
	}
	return all
}

// typeOf returns the types of one of some texts.
func typeOf(texts []string) any {
	if slices.Contains(texts, "true") {
		return []string{"string", "boolean"}
	}
	return "string"
}
