package spec

import (
	"fmt"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/nines-slo/nines/slo/diag"
)

// ParseBlock reads one map of YAML text, as it would stand in the file name.
// It is for sources' own tests; files are read by Load.
func ParseBlock(name, text, dir string) (Block, error) {
	docs, findings := parse(name, []byte(text))
	if len(findings) > 0 {
		return Block{}, findings
	}
	if len(docs) != 1 || docs[0].Kind != Map {
		return Block{}, fmt.Errorf("%s: want one map", name)
	}
	return Block{Value: docs[0], Dir: dir, Zone: time.UTC}, nil
}

// parse returns the documents of a YAML file.
func parse(name string, text []byte) ([]Value, diag.List) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, diag.List{diag.Errorf(diag.Pos{File: name}, "yaml/syntax", "%v", err)}
	}
	c := converter{file: name}
	var docs []Value
	for _, doc := range file.Docs {
		if doc.Body != nil {
			docs = append(docs, c.value(doc.Body))
		}
	}
	return docs, c.findings
}

// converter turns syntax trees into Values.
type converter struct {
	file     string
	findings diag.List
}

func (c *converter) pos(n ast.Node) diag.Pos {
	t := n.GetToken()
	return diag.Pos{File: c.file, Line: t.Position.Line, Col: t.Position.Column, Len: len([]rune(t.Value))}
}

func (c *converter) value(n ast.Node) Value {
	switch n := n.(type) {
	case *ast.MappingNode:
		v := Value{Kind: Map, Pos: c.pos(n)}
		for _, entry := range n.Values {
			v.Fields = append(v.Fields, c.field(entry))
		}
		return v
	case *ast.MappingValueNode:
		return Value{Kind: Map, Pos: c.pos(n.Key), Fields: []Field{c.field(n)}}
	case *ast.SequenceNode:
		v := Value{Kind: List, Pos: c.pos(n)}
		for _, item := range n.Values {
			v.Items = append(v.Items, c.value(item))
		}
		return v
	case *ast.NullNode:
		return Value{Kind: Null, Pos: c.pos(n)}
	case *ast.StringNode:
		quoted := n.Token.Indicator.String() == "QuotedScalar"
		return Value{Kind: Scalar, Pos: c.pos(n), Text: n.Value, Quoted: quoted}
	case *ast.LiteralNode:
		return Value{Kind: Scalar, Pos: c.pos(n), Text: n.Value.Value, Quoted: true}
	}
	return Value{Kind: Scalar, Pos: c.pos(n), Text: n.GetToken().Value}
}

func (c *converter) field(n *ast.MappingValueNode) Field {
	return Field{Key: n.Key.GetToken().Value, Pos: c.pos(n.Key), Value: c.value(n.Value)}
}
