package yaml

import "github.com/goccy/go-yaml/token"

// tokens are those of a file that were not read yet.
type tokens []*token.Token

// peek returns the next token, nil at the end.
func (t tokens) peek() *token.Token { return t.at(0) }

// at returns the token n behind the next one, nil beyond the end.
func (t tokens) at(n int) *token.Token {
	if n >= len(t) {
		return nil
	}
	return t[n]
}

// next takes the next token, which is there.
func (t *tokens) next() *token.Token {
	tok := (*t)[0]
	*t = (*t)[1:]
	return tok
}

// is tells whether the next token is of one of these types.
func (t tokens) is(types ...token.Type) bool { return isType(t.peek(), types...) }

// isKey tells whether the next token is the key of an entry on one line.
func (t tokens) isKey() bool {
	key, colon := t.at(0), t.at(1)
	return isScalar(key) && isType(colon, token.MappingValueType) && key.Position.Line == colon.Position.Line
}

func isType(tok *token.Token, types ...token.Type) bool {
	for _, want := range types {
		if tok != nil && tok.Type == want {
			return true
		}
	}
	return false
}

// isScalar tells whether tok is a scalar other than a block scalar.
func isScalar(tok *token.Token) bool {
	if tok == nil {
		return false
	}
	switch tok.Type {
	case token.StringType, token.SingleQuoteType, token.DoubleQuoteType, token.IntegerType,
		token.BinaryIntegerType, token.OctetIntegerType, token.HexIntegerType, token.FloatType, token.InfinityType,
		token.NanType, token.NullType, token.ImplicitNullType, token.BoolType, token.MergeKeyType:
		return true
	}
	return false
}
