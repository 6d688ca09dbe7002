package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"parley/internal/bargain"
)

// JSON and YAML are read into one kind of tree that keeps what their usual decoders lose: the order of keys, the digits
// of numbers, and the place of everything. The readers of the formats walk this tree and nothing else.

// Bounds of what is read. The largest real file seen has 0.4 MB.
const (
	maxFileBytes = 16 << 20
	maxYAMLBytes = 4 << 20
	maxDepth     = 40
	maxNodes     = 1 << 20
	maxFiles     = 1000
	maxNameRunes = 500
	maxCells     = 4 << 20 // options of all issues together, times parties
)

type kind int

const (
	nothing kind = iota // null
	scalar
	list
	object
)

func (k kind) String() string {
	return [...]string{"nothing", "a single value", "a list", "a mapping"}[k]
}

// node is a value in a tree. Objects hold keys[i] with kids[i]; of a key given twice the last stands, and twice lists it.
type node struct {
	kind  kind
	at    Place
	text  string // scalar, as written, without quotes
	str   bool   // scalar was a string, not a bare number or word
	keys  []string
	kids  []*node
	twice []*node // later values of keys given before
}

func (n *node) get(key string) *node {
	if n == nil || n.kind != object {
		return nil
	}
	for i, k := range n.keys {
		if k == key {
			return n.kids[i]
		}
	}
	return nil
}

func (n *node) has(key string) bool { return n.get(key) != nil }

// want says that a node is of a kind, or refuses.
func (n *node) want(k kind, what string) error {
	if n.kind != k {
		return fault(n.at, "%s should be %s and is %s", what, k, n.kind)
	}
	return nil
}

// number reads a scalar as an exact number.
func (n *node) number(what string) (bargain.Number, error) {
	if n == nil || n.kind != scalar {
		at := Place{}
		if n != nil {
			at = n.at
		}
		return bargain.Number{}, fault(at, "%s should be a number", what)
	}
	v, err := bargain.ParseNumber(n.text)
	if err != nil {
		return v, fault(n.at, "%s: %v", what, err)
	}
	return v, nil
}

// name reads a scalar as text fit for a label or an id.
func (n *node) name(what string) (string, error) {
	if n.kind != scalar {
		return "", fault(n.at, "%s should be a text and is %s", what, n.kind)
	}
	return checkName(n.at, what, n.text)
}

func checkName(at Place, what, s string) (string, error) {
	s = strings.TrimSpace(s)
	if len(s) > maxNameRunes*4 || utf8.RuneCountInString(s) > maxNameRunes {
		return "", fault(at, "%s has more than %d characters: %.40q…", what, maxNameRunes, s)
	}
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' || r == utf8.RuneError {
			return "", fault(at, "%s holds the unprintable character %q: %.40q", what, r, s)
		}
	}
	return s, nil
}

// lines finds line and column of a byte offset.
type lines struct {
	file   string
	starts []int
}

func newLines(file string, data []byte) *lines {
	l := &lines{file: file, starts: []int{0}}
	for i, b := range data {
		if b == '\n' {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

func (l *lines) at(offset int) Place {
	i := sort.SearchInts(l.starts, offset+1) - 1
	return Place{l.file, i + 1, offset - l.starts[i] + 1}
}

// parseJSON reads one JSON value and refuses anything after it.
func parseJSON(file string, data []byte) (*node, error) {
	l := newLines(file, data)
	if !json.Valid(data) {
		var whole json.RawMessage
		err := json.Unmarshal(data, &whole)
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, fault(l.at(max(0, int(syntax.Offset)-1)), "this is not JSON: %v", err)
		}
		return nil, fault(Place{File: file}, "this is not JSON: %v", err)
	}
	p := jsonTree{dec: json.NewDecoder(bytes.NewReader(data)), l: l, data: data}
	p.dec.UseNumber()
	return p.value(0)
}

type jsonTree struct {
	dec   *json.Decoder
	l     *lines
	data  []byte
	nodes int
}

// next gives the next token and its place.
func (p *jsonTree) next() (json.Token, Place, error) {
	from := int(p.dec.InputOffset())
	for from < len(p.data) && strings.IndexByte(" \t\r\n,:", p.data[from]) >= 0 {
		from++
	}
	at := p.l.at(from)
	tok, err := p.dec.Token()
	if err != nil {
		if err == io.EOF {
			return nil, at, fault(at, "the file ends too early")
		}
		return nil, at, fault(at, "this is not JSON: %v", err)
	}
	return tok, at, nil
}

func (p *jsonTree) value(depth int) (*node, error) {
	tok, at, err := p.next()
	if err != nil {
		return nil, err
	}
	return p.rest(tok, at, depth)
}

func (p *jsonTree) rest(tok json.Token, at Place, depth int) (*node, error) {
	if p.nodes++; p.nodes > maxNodes {
		return nil, fault(at, "the file holds more than %d values", maxNodes)
	}
	if depth > maxDepth {
		return nil, fault(at, "the file is nested more than %d deep", maxDepth)
	}
	switch t := tok.(type) {
	case nil:
		return &node{kind: nothing, at: at}, nil
	case bool:
		return &node{kind: scalar, at: at, text: fmt.Sprint(t)}, nil
	case json.Number:
		return &node{kind: scalar, at: at, text: t.String()}, nil
	case string:
		return &node{kind: scalar, at: at, text: t, str: true}, nil
	case json.Delim:
		n := &node{kind: list, at: at}
		if t == '{' {
			n.kind = object
		}
		index := map[string]int{}
		for p.dec.More() {
			key := ""
			if n.kind == object {
				tok, _, err := p.next()
				if err != nil {
					return nil, err
				}
				key, _ = tok.(string)
			}
			kid, err := p.value(depth + 1)
			if err != nil {
				return nil, err
			}
			n.put(index, key, kid)
		}
		_, _, err := p.next()
		return n, err
	}
	return nil, fault(at, "this is not JSON")
}

func (n *node) put(index map[string]int, key string, kid *node) {
	if n.kind == object {
		if i, ok := index[key]; ok {
			n.kids[i] = kid
			n.twice = append(n.twice, kid)
			return
		}
		index[key] = len(n.keys)
		n.keys = append(n.keys, key)
	}
	n.kids = append(n.kids, kid)
}

// parseYAML reads one YAML document. Aliases are followed, but every value reached through one counts again, so that a
// small file cannot stand for a large one.
func parseYAML(file string, data []byte) (*node, error) {
	if len(data) > maxYAMLBytes {
		return nil, fault(Place{File: file}, "the file is larger than %d MB", maxYAMLBytes>>20)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if err == io.EOF {
			return nil, fault(Place{File: file}, "the file is empty")
		}
		return nil, fault(Place{File: file}, "this is not YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var second yaml.Node
	if err := dec.Decode(&second); err != io.EOF {
		return nil, fault(Place{File: file}, "the file holds more than one YAML document; keep one")
	}
	p := yamlTree{file: file}
	if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 {
		return p.value(doc.Content[0], 0)
	}
	return nil, fault(Place{File: file}, "the file is empty")
}

type yamlTree struct {
	file  string
	nodes int
}

func (p *yamlTree) value(y *yaml.Node, depth int) (*node, error) {
	at := Place{p.file, y.Line, y.Column}
	if p.nodes++; p.nodes > maxNodes {
		return nil, fault(at, "the file stands for more than %d values", maxNodes)
	}
	if depth > maxDepth {
		return nil, fault(at, "the file is nested more than %d deep", maxDepth)
	}
	switch y.Kind {
	case yaml.AliasNode:
		return p.value(y.Alias, depth+1)
	case yaml.ScalarNode:
		if y.Tag == "!!null" {
			return &node{kind: nothing, at: at}, nil
		}
		return &node{kind: scalar, at: at, text: y.Value, str: y.Tag == "!!str"}, nil
	case yaml.SequenceNode:
		n := &node{kind: list, at: at}
		for _, c := range y.Content {
			kid, err := p.value(c, depth+1)
			if err != nil {
				return nil, err
			}
			n.kids = append(n.kids, kid)
		}
		return n, nil
	case yaml.MappingNode:
		n, index := &node{kind: object, at: at}, map[string]int{}
		for i := 0; i+1 < len(y.Content); i += 2 {
			k := y.Content[i]
			if k.Kind == yaml.AliasNode {
				k = k.Alias
			}
			if k.Kind != yaml.ScalarNode {
				return nil, fault(Place{p.file, k.Line, k.Column}, "a key should be a single value")
			}
			kid, err := p.value(y.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			n.put(index, k.Value, kid)
		}
		return n, nil
	}
	return nil, fault(at, "this kind of YAML value is not read")
}
