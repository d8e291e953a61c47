package spec

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/mask"
)

// Check compares a map with the keys it may have: unknown and missing keys,
// wrong types, texts outside Enum, and the same for maps below it. A condition's
// tests and values of type Any are left to whoever reads them.
func Check(v Value, keys []Key) diag.List {
	if v.Kind != Map {
		return diag.List{wrongType(v, "", "a map", example(keys))}
	}
	c := checker{types: scalarTypes()}
	c.fields(v, keys)
	c.findings.Sort()
	return c.findings
}

type checker struct {
	types    map[Type]scalarType
	findings diag.List
}

func (c *checker) add(f diag.Finding) { c.findings = append(c.findings, f) }

func (c *checker) fields(v Value, keys []Key) {
	if credentialAmong(keys) {
		c.twice(v, keys)
		keys = Companions(keys)
	}
	for _, f := range v.Fields {
		i := indexKey(keys, f.Key)
		switch {
		case i < 0:
			c.add(c.unknownKey(f, keys))
		case keys[i].Type == Credential:
			c.credential(f, keys[i])
		case keys[i].Means != "":
			c.add(misnamed(f, keys[i]))
		default:
			c.value(f, keys[i])
		}
	}
	for i := range keys {
		if k := &keys[i]; k.Required && v.Get(k.Name).Kind == Missing && !given(v, *k, keys) {
			c.add(c.missing(v, *k))
		}
	}
}

// unknownName reports a key that has no meaning here.
func unknownName(f Field) diag.Finding {
	name, _, joined := strings.Cut(f.Key, ":")
	if joined && mask.IsSecret(name) { // a value without a space before it
		return diag.Errorf(f.Pos, "spec/unknown-key", "unknown key %s", diag.Quote(name+":***"))
	}
	return diag.Errorf(f.Pos, "spec/unknown-key", "unknown key %s", diag.Quote(f.Key))
}

// misnamed reports a key by the name that it has in other tools.
func misnamed(f Field, k Key) diag.Finding {
	found := unknownName(f)
	if k.Example != "" {
		return found.WithHint("write %s", k.Example)
	}
	return found.WithHint("did you mean %s?", k.Means)
}

// meant tells whether v has the key k by the name of another tool.
func meant(v Value, k Key, keys []Key) bool {
	return slices.ContainsFunc(keys, func(other Key) bool {
		return other.Means == k.Name && v.Get(other.Name).Kind != Missing
	})
}

func indexKey(keys []Key, name string) int {
	for i := range keys { // a Key is wide: none is copied
		if keys[i].Name == name {
			return i
		}
	}
	return -1
}

func (c *checker) unknownKey(f Field, keys []Key) diag.Finding {
	if len(c.findings) > maxFindings { // not listed; spare the guess
		return unknownName(f)
	}
	return unknownKey(f, keys)
}

func unknownKey(f Field, keys []Key) diag.Finding {
	found := unknownName(f)
	if near := diag.Nearest(f.Key, names(keys)); near != "" {
		return found.WithHint("did you mean %s?", near)
	}
	if key, value, ok := strings.Cut(f.Key, ":"); ok && f.Value.Kind == Null && slices.Contains(names(keys), key) {
		if mask.IsSecret(key) {
			value = "…"
		}
		return found.WithHint("a space is missing: %s: %s", key, value)
	}
	return found.WithHint("keys here are %s", strings.Join(names(keys), ", "))
}

// names returns the names of the keys that this version reads.
func names(keys []Key) []string {
	var out []string
	for _, k := range keys {
		if k.Means == "" {
			out = append(out, k.Name)
		}
	}
	return out
}

func (c *checker) missing(v Value, k Key) diag.Finding {
	missing := diag.Errorf(v.Pos, "spec/missing-key", "key %q is missing", k.Name)
	if k.Else != "" {
		return missing.WithHint("add %s: %s, or %s", k.Name, c.sample(k), k.Else)
	}
	return missing.WithHint("add %s: %s", k.Name, c.sample(k))
}

// sample returns a value of k as a file would write it.
func (c *checker) sample(k Key) string {
	switch t, scalar := c.types[k.Type]; {
	case k.Example != "":
		return k.Example
	case len(k.Enum) > 0:
		return k.Enum[0]
	case scalar:
		return t.example
	case k.Type == Objects && k.Short != nil:
		return "[" + c.sample(*k.Short) + "]"
	case k.Short != nil:
		return c.sample(*k.Short)
	case k.Type == Texts:
		return "[a, b]"
	case k.Type == TextMap:
		return "{team: payments}"
	case k.Type == Condition:
		return "{status: 500-599}"
	case k.Type == Objects:
		return "[" + example(k.Keys) + "]"
	}
	return example(k.Keys)
}

// example returns a map with the required keys, or the first, of keys.
func example(keys []Key) string {
	c := checker{types: scalarTypes()}
	var parts []string
	for _, k := range Companions(keys) {
		if k.Required {
			parts = append(parts, k.Name+": "+c.sample(k))
		}
	}
	if keys = Companions(keys); len(parts) == 0 && len(keys) > 0 {
		parts = append(parts, keys[0].Name+": "+c.sample(keys[0]))
	}
	if len(parts) == 0 {
		return "{…}"
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (c *checker) value(f Field, k Key) {
	v := f.Value
	switch {
	case v.Kind == Null:
		empty := diag.Errorf(f.Pos, "spec/empty", "key %q has no value", f.Key)
		c.add(empty.WithHint("write %s: %s, or remove the key", f.Key, c.sample(k)))
	case k.Type == Any:
	case k.Type == Condition:
		c.kind(v, k, Map, "a map of field: test")
	case k.Type == Texts:
		c.texts(v, k)
	case k.Type == TextMap:
		c.textMap(v, k)
	case k.Type == Object && v.Kind == Scalar && k.Short != nil:
		c.scalar(v, Key{Name: k.Name, Type: k.Short.Type, Enum: k.Short.Enum, Example: k.Example})
	case k.Type == Object:
		if c.kind(v, k, Map, "a map") {
			c.fields(v, k.Keys)
		}
	case k.Type == Objects:
		c.objects(v, k)
	default:
		c.scalar(v, k)
	}
}

func (c *checker) kind(v Value, k Key, want Kind, what string) bool {
	if v.Kind != want {
		c.add(wrongType(v, k.Name, what, c.sample(k)))
		return false
	}
	return true
}

func (c *checker) texts(v Value, k Key) {
	if v.Kind != List {
		c.scalar(v, Key{Name: k.Name, Type: Text, Enum: k.Enum, Example: k.Example})
		return
	}
	if len(v.Items) == 0 && !k.Empty {
		empty := diag.Errorf(v.Pos, "spec/empty", "%q is an empty list", k.Name)
		c.add(empty.WithHint("write %s: %s, or remove the key", k.Name, c.sample(k)))
	}
	for _, item := range v.Items {
		c.scalar(item, Key{Name: k.Name, Type: Text, Enum: k.Enum})
	}
}

func (c *checker) textMap(v Value, k Key) {
	if !c.kind(v, k, Map, "a map of texts") {
		return
	}
	each := Key{Type: Name, Example: "payments"}
	if k.Short != nil {
		each = *k.Short
	}
	for _, f := range v.Fields {
		each.Name = f.Key
		if each.Type == Texts {
			c.texts(f.Value, each)
		} else {
			c.scalar(f.Value, each)
		}
		if err := checkName(f.Key); err != nil {
			c.add(diag.Errorf(f.Pos, "spec/name", "key %s is not a name: %v", diag.Quote(f.Key), err))
		}
	}
}

func (c *checker) objects(v Value, k Key) {
	if !c.kind(v, k, List, "a list of maps") {
		return
	}
	if len(v.Items) == 0 && !k.Empty {
		c.add(diag.Errorf(v.Pos, "spec/empty", "%q is an empty list", k.Name))
	}
	for _, item := range v.Items {
		switch {
		case item.Kind == Scalar && k.Short != nil:
			c.scalar(item, *k.Short)
		case item.Kind != Map:
			c.add(wrongType(item, "", "a map, an entry of "+k.Name, example(k.Keys)))
		default:
			c.fields(item, k.Keys)
		}
	}
}

func (c *checker) scalar(v Value, k Key) {
	t := c.types[k.Type]
	if v.Kind != Scalar {
		what := t.what
		if len(k.Enum) > 0 {
			what = "one of " + strings.Join(k.Enum, ", ")
		}
		c.add(wrongType(v, k.Name, what, c.sample(k)))
		return
	}
	if !t.empty && strings.TrimSpace(v.Text) == "" {
		empty := diag.Errorf(v.Pos, "spec/empty", "%q is empty", k.Name)
		c.add(empty.WithHint("write %s: %s, or remove the key", k.Name, c.sample(k)))
		return
	}
	if len(k.Enum) > 0 {
		c.enum(v, k)
		return
	}
	check := t.check
	if t.plain != nil && !v.Quoted {
		check = t.plain
	}
	if check == nil {
		return
	}
	err := check(v.Text)
	switch {
	case err == nil && k.Type == Variable && own(v.Text):
		c.add(ownVariable(v, k.Name))
	case err == nil:
	case mask.IsSecret(k.Name), strings.HasSuffix(k.Name, fromFile), t.secret != nil && t.secret(v.Text):
		c.add(hiddenScalar(v, k.Name, t.what, c.sample(k), err))
	default:
		c.add(badScalar(v, k.Name, t.what, c.sample(k), err))
	}
}

// badScalar says why a text is of no use. An error that begins with the user's
// words says it better than the type's name; a guess in it becomes the hint.
func badScalar(v Value, name, what, sample string, err error) diag.Finding {
	message := name + " " + diag.Quote(v.Text) + " is not " + what
	hint := "write it like " + name + ": " + sample
	if _, why, ok := strings.Cut(err.Error(), strconv.Quote(v.Text)+" "); ok {
		message = name + " " + diag.Quote(v.Text) + " " + why
	} else if err != errNoReason {
		message += ": " + err.Error()
	}
	if before, guess, ok := strings.Cut(message, ": did you mean "); ok {
		message, hint = before, "did you mean "+guess
	}
	return diag.Errorf(v.Pos, "spec/value", "%s", message).WithHint("%s", hint)
}

func (c *checker) enum(v Value, k Key) {
	if slices.Contains(k.Enum, v.Text) {
		return
	}
	allowed := strings.Join(k.Enum, ", ")
	f := diag.Errorf(v.Pos, "spec/enum", "%s %s is not one of %s", k.Name, diag.Quote(v.Text), allowed)
	if near := diag.Nearest(v.Text, k.Enum); near != "" {
		f = f.WithHint("did you mean %s?", near)
	}
	c.add(f)
}

// wrongType says that v is of another shape than what.
func wrongType(v Value, name, what, sample string) diag.Finding {
	subject := "this"
	if name != "" {
		subject = strconv.Quote(name)
	}
	f := diag.Errorf(v.Pos, "spec/type", "%s must be %s, not %s", subject, what, v.Kind)
	if name != "" {
		return f.WithHint("write it like %s: %s", name, sample)
	}
	return f.WithHint("write it like %s", sample)
}
