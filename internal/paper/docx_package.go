package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// Bounds on a package. Sizes are counted while a part is inflated; what the
// directory of a ZIP says of them is not believed.
const (
	maxParts    = 4096
	maxInflated = 32 << 20 // bytes of all parts that are read
	maxElements = 600_000
	maxDepth    = 256 // elements in elements
)

// oldWord begins a compound file: Word before 2007, or a DOCX under a password.
var oldWord = []byte{0xD0, 0xCF, 0x11, 0xE0}

// A pack is a DOCX opened.
type pack struct {
	parts    map[string]*zip.File // by name in lower case
	names    []string
	inflated int64
	elements int
}

// openPack looks at every name of a package before any part is read.
func openPack(data []byte) (*pack, error) {
	if bytes.HasPrefix(data, oldWord) {
		return nil, fault("", "This is a Word file of before 2007 or one under a password; save it as .docx without a password")
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fault("", "This is no whole DOCX (%v); save it again and send it anew", err)
	}
	if len(z.File) > maxParts {
		return nil, fault("", "The package has %d parts; at most %d are read", len(z.File), maxParts)
	}
	p := &pack{parts: map[string]*zip.File{}}
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		switch {
		case strings.HasPrefix(name, "/"), strings.Contains(name, `\`), strings.ContainsRune(name, 0), slices.Contains(strings.Split(name, "/"), ".."):
			return nil, fault(brief(f.Name), "The package has a part that would lie outside of it; such a file is made to harm and is not read")
		case p.parts[name] != nil:
			return nil, fault(brief(f.Name), "The package has this part twice; save the document again in Word or LibreOffice")
		case f.Flags&1 != 0:
			return nil, fault(brief(f.Name), "The package is under a password; save it without")
		case strings.HasSuffix(name, "vbaproject.bin"), strings.HasSuffix(name, "vbadata.xml"):
			return nil, fault(brief(f.Name), "The document carries macros; save it as .docx without them")
		}
		p.parts[name] = f
		p.names = append(p.names, name)
	}
	return p, nil
}

func brief(name string) string {
	if len(name) > 80 {
		name = name[:80] + "…"
	}
	return strings.ToValidUTF8(name, "\uFFFD")
}

// part reads one part, or returns nil if there is none.
func (p *pack) part(name string) (*etree.Element, error) {
	f := p.parts[strings.ToLower(name)]
	if f == nil {
		return nil, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, fault(name, "The part cannot be unpacked (%v); save the document again", err)
	}
	defer r.Close()
	left := maxInflated - p.inflated
	data, err := io.ReadAll(io.LimitReader(r, left+1))
	p.inflated += int64(len(data))
	switch {
	case int64(len(data)) > left:
		return nil, fault(name, "The part is larger than %d MB when unpacked; divide the document", maxInflated>>20)
	case err != nil:
		return nil, fault(name, "The part is damaged (%v); save the document again", err)
	}
	root, err := readXML(name, data, &p.elements)
	return root, err
}

// readXML reads XML in UTF-8 of bounded depth and size without a document type.
func readXML(name string, data []byte, elements *int) (*etree.Element, error) {
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		return nil, fault(name, "The XML is UTF-16; save it as UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if err := checkXML(name, data, elements); err != nil {
		return nil, err
	}
	d := etree.NewDocument()
	d.ReadSettings.PreserveCData = false
	if err := d.ReadFromBytes(data); err != nil {
		return nil, fault(name, "The XML cannot be read: %v", err)
	}
	if d.Root() == nil {
		return nil, fault(name, "There is no element in this part; save the document again")
	}
	return d.Root(), nil
}

// checkXML goes through XML once without keeping anything.
func checkXML(name string, data []byte, elements *int) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	refused := ""
	d.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		refused = charset
		return nil, fmt.Errorf("charset")
	}
	depth := 0
	for {
		token, err := d.RawToken()
		line, _ := d.InputPos()
		switch {
		case err == io.EOF && depth == 0:
			return nil
		case err == io.EOF:
			return &Fault{Part: name, Line: line, Why: "The XML ends in the middle; save the document again"}
		case refused != "":
			return fault(name, "The XML says it is %q; save it as UTF-8", brief(refused))
		case err != nil:
			return &Fault{Part: name, Line: line, Why: "The XML is broken: " + strings.TrimPrefix(err.Error(), fmt.Sprintf("XML syntax error on line %d: ", line))}
		}
		switch token.(type) {
		case xml.Directive:
			return &Fault{Part: name, Line: line, Why: "The XML has a document type, which may define entities that swell or fetch files; take it out"}
		case xml.StartElement:
			*elements++
			depth++
			if depth > maxDepth {
				return &Fault{Part: name, Line: line, Why: fmt.Sprintf("Elements stand in one another more than %d deep", maxDepth)}
			}
			if *elements > maxElements {
				return &Fault{Part: name, Line: line, Why: fmt.Sprintf("There are more than %d elements; divide the document", maxElements)}
			}
		case xml.EndElement:
			depth--
		}
	}
}

// related returns the parts that a part refers to, by id and by kind.
func (p *pack) related(name string) (byKind map[string]string, outside []string, err error) {
	root, err := p.part(path.Join(path.Dir(name), "_rels", path.Base(name)+".rels"))
	byKind = map[string]string{}
	if root == nil || err != nil {
		return byKind, nil, err
	}
	for _, r := range root.ChildElements() {
		kind := path.Base(r.SelectAttrValue("Type", ""))
		target := r.SelectAttrValue("Target", "")
		if r.SelectAttrValue("TargetMode", "") == "External" {
			if kind != "hyperlink" {
				outside = append(outside, kind)
			}
			continue
		}
		if strings.HasPrefix(target, "/") {
			target = target[1:]
		} else {
			target = path.Join(path.Dir(name), target)
		}
		if byKind[kind] == "" {
			byKind[kind] = target
		}
	}
	return byKind, outside, nil
}
