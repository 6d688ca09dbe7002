// Package evidence is how a binding act is signed, and how anybody checks
// the signature years later with nothing but the record.
//
// It owns the canonical bytes of an act, the hash that a passkey signs, the
// form in which the signature lies in the record (a header's digest of evidence
// commits to it), and the reading of the public keys that sign. The signature
// is a WebAuthn assertion whose challenge is the act's hash.
//
// It promises that [Verify] accepts nothing but what [Evidence.Marshal] wrote:
// every flipped bit is refused, and no byte may be added or left out. It reads
// no clock, no file and no network.
//
// It cannot tell what the page showed to whoever signed, nor whether a key was
// still good at the time: which key belongs to which seat, from when and until
// when, stands on the record.
package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
)

// Limits, which keep evidence to what a record can carry by the thousand. An
// assertion is some 350 bytes; the rest is the act.
const (
	MostAct  = 2048 // canonical bytes of an act
	MostSize = 4096 // of evidence
)

// An Act is what is signed. Its fields are structure: words that may have to be
// destroyed one day go in by a commitment, never as they are, for evidence is
// not destroyed with them.
type Act struct {
	Talks   string  // id
	Seat    string  // key of the seat that acts
	Name    string  // as the catalogue spells it
	Fields  []Field // in any order; each name once
	Request string  // the request id, so that the same act can be meant twice
	// Head and Root are the size and the root of the record as the signer saw it.
	Head int64
	Root [32]byte
}

// A Field is one field of an act, as it would stand in a form.
type Field struct{ Name, Value string }

const actVersion = 1

var errAct = errors.New("the act is not as parley writes it: it was cut, extended or altered")

// Marshal returns the canonical bytes: version 1, then talks, seat, name and
// request id, each after two bytes of its length, then the head (8 bytes, big
// endian), the root (32), and the fields in order of their names, each name and
// value after two bytes of length. It refuses acts of more than [MostAct] bytes
// and fields that are named twice.
func (a Act) Marshal() ([]byte, error) {
	fields := slices.Clone(a.Fields)
	slices.SortFunc(fields, func(x, y Field) int { return strings.Compare(x.Name, y.Name) })
	b := cryptobyte.NewBuilder(nil)
	b.AddUint8(actVersion)
	for _, s := range []string{a.Talks, a.Seat, a.Name, a.Request} {
		text(b, s)
	}
	b.AddUint64(uint64(a.Head))
	b.AddBytes(a.Root[:])
	for i, f := range fields {
		if i > 0 && fields[i-1].Name == f.Name {
			return nil, fmt.Errorf("the field %q of the act is given twice", f.Name)
		}
		text(b, f.Name)
		text(b, f.Value)
	}
	out, err := b.Bytes()
	if err != nil || len(out) > MostAct || a.Head < 0 {
		return nil, fmt.Errorf("the act cannot be signed: it has more than %d bytes, or a negative head", MostAct)
	}
	return out, nil
}

func text(b *cryptobyte.Builder, s string) {
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(s)) })
}

// ParseAct reads what Marshal wrote, and nothing else.
func ParseAct(b []byte) (Act, error) {
	var a Act
	s := cryptobyte.String(b)
	var version uint8
	var head uint64
	ok := len(b) <= MostAct && s.ReadUint8(&version) && version == actVersion
	for _, to := range []*string{&a.Talks, &a.Seat, &a.Name, &a.Request} {
		ok = ok && read(&s, to)
	}
	ok = ok && s.ReadUint64(&head) && head < 1<<63 && s.CopyBytes(a.Root[:])
	for ok && !s.Empty() {
		var f Field
		ok = read(&s, &f.Name) && read(&s, &f.Value)
		if n := len(a.Fields); n > 0 && a.Fields[n-1].Name >= f.Name {
			ok = false
		}
		a.Fields = append(a.Fields, f)
	}
	if !ok {
		return Act{}, errAct
	}
	a.Head = int64(head)
	return a, nil
}

func read(s *cryptobyte.String, to *string) bool {
	var t cryptobyte.String
	ok := s.ReadUint16LengthPrefixed(&t)
	*to = string(t)
	return ok
}

// Hash is what is signed: SHA-256 of the domain "parley/v1 act" (after one byte
// of its length) and the canonical bytes of an act.
func Hash(act []byte) [32]byte {
	const domain = "parley/v1 act"
	return sha256.Sum256(append(append([]byte{byte(len(domain))}, domain...), act...))
}

// Evidence is a signed act: what lies in the record beside the entry.
type Evidence struct {
	Act           []byte   // canonical bytes
	Key           [32]byte // SHA-256 of the public key that signed
	Authenticator []byte   // authenticator data (WebAuthn section 6.1)
	Client        []byte   // client data (WebAuthn section 5.8.1), as the browser wrote it
	Signature     []byte
}

const version = 1

var errForm = errors.New("the evidence is not as parley writes it: it was cut, extended or altered")

// Marshal returns the evidence as it is stored: version 1, the act after two
// bytes of its length, the digest of the key (32), then authenticator data,
// client data and signature, each after two bytes of length.
func (e Evidence) Marshal() ([]byte, error) {
	b := cryptobyte.NewBuilder(nil)
	b.AddUint8(version)
	text(b, string(e.Act))
	b.AddBytes(e.Key[:])
	for _, part := range [][]byte{e.Authenticator, e.Client, e.Signature} {
		text(b, string(part))
	}
	out, err := b.Bytes()
	if err != nil || len(out) > MostSize {
		return nil, fmt.Errorf("the evidence has more than %d bytes", MostSize)
	}
	return out, nil
}

// Parse reads what Marshal wrote, and nothing else. It checks no signature.
func Parse(b []byte) (Evidence, error) {
	var e Evidence
	s := cryptobyte.String(b)
	var v uint8
	var act, authenticator, client, signature cryptobyte.String
	ok := len(b) <= MostSize && s.ReadUint8(&v) && v == version &&
		s.ReadUint16LengthPrefixed(&act) && s.CopyBytes(e.Key[:]) &&
		s.ReadUint16LengthPrefixed(&authenticator) && s.ReadUint16LengthPrefixed(&client) &&
		s.ReadUint16LengthPrefixed(&signature) && s.Empty()
	if !ok {
		return Evidence{}, errForm
	}
	if _, err := ParseAct(act); err != nil {
		return Evidence{}, err
	}
	e.Act, e.Authenticator, e.Client, e.Signature = act, authenticator, client, signature
	return e, nil
}

// Verify checks that evidence is a signature over the act of that hash, made
// with the public key (a COSE_Key) by somebody who was verified by their device,
// for the site rpID, on a page of origin ("https://parley.example:8443").
func Verify(evidence []byte, act [32]byte, public []byte, rpID, origin string) error {
	e, err := Parse(evidence)
	if err != nil {
		return err
	}
	key, err := ParseKey(public)
	switch {
	case err != nil:
		return err
	case Hash(e.Act) != act:
		return errors.New("the evidence is for another act")
	case sha256.Sum256(public) != e.Key:
		return errors.New("the evidence was made with another key")
	}
	if err := checkClient(e.Client, act, origin); err != nil {
		return err
	}
	if err := checkAuthenticator(e.Authenticator, rpID); err != nil {
		return err
	}
	digest := sha256.Sum256(e.Client)
	if !key.verify(append(bytes.Clone(e.Authenticator), digest[:]...), e.Signature) {
		return errors.New("the signature is not of this key over this act")
	}
	return nil
}

// checkClient checks what the browser said it was signing, and where.
func checkClient(client []byte, act [32]byte, origin string) error {
	said, err := members(client)
	if err != nil {
		return err
	}
	is := func(name, want string) bool {
		var got string
		return json.Unmarshal(said[name], &got) == nil && got == want
	}
	var cross bool
	if c, ok := said["crossOrigin"]; ok && json.Unmarshal(c, &cross) != nil {
		cross = true
	}
	_, top := said["topOrigin"]
	switch {
	case !is("type", "webauthn.get"):
		return errors.New("what was signed is not an assertion")
	case !is("challenge", base64.RawURLEncoding.EncodeToString(act[:])):
		return errors.New("what was signed is another act")
	case !is("origin", origin):
		return fmt.Errorf("what was signed was signed on another site than %s", origin)
	case cross || top:
		return errors.New("what was signed was signed on a page inside another's page")
	}
	return nil
}

// members reads one JSON object, each of whose members stands there once.
func members(b []byte) (map[string]json.RawMessage, error) {
	errClient := errors.New("the client data of the evidence is not one JSON object with every member once")
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errClient
	}
	said := map[string]json.RawMessage{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, errClient
		}
		var value json.RawMessage
		if _, twice := said[name.(string)]; twice || d.Decode(&value) != nil {
			return nil, errClient
		}
		said[name.(string)] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, errClient
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errClient
	}
	return said, nil
}

// Flags of authenticator data (WebAuthn section 6.1).
const (
	userPresent  = 0x01
	userVerified = 0x04
	eligible     = 0x08 // for backup
	backedUp     = 0x10
	attested     = 0x40 // a credential follows: in registrations only
	extended     = 0x80 // extensions follow
)

// checkAuthenticator checks for which site the device signed, and that it
// verified its user.
func checkAuthenticator(b []byte, rpID string) error {
	const fixed = 37 // site, flags, counter
	site := sha256.Sum256([]byte(rpID))
	if len(b) < fixed || !bytes.Equal(b[:32], site[:]) {
		return fmt.Errorf("the device signed for another site than %s", rpID)
	}
	flags := b[32]
	switch {
	case flags&userPresent == 0 || flags&userVerified == 0:
		return errors.New("the device did not verify who used it")
	case flags&attested != 0, flags&backedUp != 0 && flags&eligible == 0, (flags&extended == 0) != (len(b) == fixed):
		return errors.New("what the device wrote is not an assertion")
	}
	return nil
}
