package record

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// algEd25519 is the number of Ed25519 in C2SP signed-note keys.
const algEd25519 = 1

const maxHouse = 100 // bytes

// A Key is a house's private Ed25519 key. Printing it shows the public half.
type Key struct {
	house   string
	private ed25519.PrivateKey
}

// NewKey makes a key for a house from 32 bytes of rand. The house is named by
// the domain name it is reached under, if need be with a port: at most 100
// bytes of [a-z0-9.:-].
func NewKey(rand io.Reader, house string) (Key, error) {
	if err := checkHouse(house); err != nil {
		return Key{}, err
	}
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return Key{}, fmt.Errorf("drawing a key for %s: %w", house, err)
	}
	return Key{house, ed25519.NewKeyFromSeed(seed)}, nil
}

func checkHouse(house string) error {
	ok := house != "" && len(house) <= maxHouse
	for i := range len(house) {
		c := house[i]
		ok = ok && ('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == ':')
	}
	if !ok {
		return fmt.Errorf("%.60q cannot name a house: use a domain name in small letters, if need be with a port", house)
	}
	return nil
}

var errKeyText = errors.New("this is not a house's key: it should be one line beginning with PRIVATE+KEY+")

// ParseKey reads what [Key.Text] wrote, with or without the line end. Nothing
// of the text appears in the error.
func ParseKey(text string) (Key, error) {
	text = strings.TrimSuffix(text, "\n")
	rest, ok := strings.CutPrefix(text, "PRIVATE+KEY+")
	if !ok {
		return Key{}, errKeyText
	}
	house, seed, err := parseKeyText(rest)
	if err != nil {
		return Key{}, errKeyText
	}
	k := Key{house, ed25519.NewKeyFromSeed(seed)}
	if k.Text() != text+"\n" {
		return Key{}, errKeyText
	}
	return k, nil
}

// Text is the key in the signed-note form PRIVATE+KEY+house+hash+key and a
// line end. It is the secret: it belongs into a file that only the house reads.
func (k Key) Text() string {
	return "PRIVATE+KEY+" + keyText(k.house, k.Verifier().hash(k.house), k.private.Seed()) + "\n"
}

// String is the public half, as [Verifier.String].
func (k Key) String() string { return k.Verifier().String() }

// GoString is the public half too, so that no verb prints the secret.
func (k Key) GoString() string { return k.String() }

// Verifier is the public half of the key.
func (k Key) Verifier() Verifier {
	return Verifier{k.house, k.private.Public().(ed25519.PublicKey)}
}

// Signer returns what signs for the house with this key.
func (k Key) Signer() Signer { return Signer{k} }

// A Signer signs a house's checkpoints and bundles.
type Signer struct{ key Key }

// Verifier checks what the signer signs.
func (s Signer) Verifier() Verifier { return s.key.Verifier() }

// Checkpoint signs the head of a record: a C2SP checkpoint with one signature,
// whose origin, and with it the name of its key, is the house's name, a slash
// and the record's name.
func (s Signer) Checkpoint(name Name, size int64, root Hash) ([]byte, error) {
	if s.key.private == nil {
		return nil, errors.New("there is no house key to sign the checkpoint with")
	}
	origin := s.Verifier().Origin(name)
	return s.sign(CheckpointBody(origin, size, root), origin), nil
}

// sign makes a signed note in the name given, which the key id covers.
func (s Signer) sign(text []byte, name string) []byte {
	sig := binary.BigEndian.AppendUint32(nil, s.Verifier().hash(name))
	return joinNote(text, append(sig, ed25519.Sign(s.key.private, text)...), name)
}

// A Verifier checks a house's signatures. It is the public half of a [Key].
// The zero Verifier accepts nothing.
type Verifier struct {
	house string
	key   ed25519.PublicKey
}

// ParseVerifier reads a house's public key in the signed-note form (vkey),
// house+hash+key. Only the one spelling is accepted.
func ParseVerifier(vkey string) (Verifier, error) {
	house, key, err := parseKeyText(vkey)
	v := Verifier{house, ed25519.PublicKey(key)}
	if err != nil || v.String() != vkey {
		return Verifier{}, fmt.Errorf("%.80q is not a house's public key: it should read house+hash+key", vkey)
	}
	return v, nil
}

// String is the vkey: house+hash+key.
func (v Verifier) String() string {
	if v.key == nil {
		return ""
	}
	return keyText(v.house, v.hash(v.house), v.key)
}

// House is the name of the house whose signatures v checks.
func (v Verifier) House() string { return v.house }

// Equal reports whether both are the same key of the same house.
func (v Verifier) Equal(w Verifier) bool {
	return v.house == w.house && bytes.Equal(v.key, w.key)
}

// Origin is the origin of a record's checkpoints in v's house.
func (v Verifier) Origin(name Name) string { return v.house + "/" + string(name) }

// Checkpoint parses a record's checkpoint and verifies its signature.
func (v Verifier) Checkpoint(name Name, text []byte) (Checkpoint, error) {
	c, err := ParseCheckpoint(text)
	if err != nil {
		return Checkpoint{}, err
	}
	return c, v.verify(c, name)
}

// verify checks a parsed checkpoint to be the house's word on this record.
func (v Verifier) verify(c Checkpoint, name Name) error {
	if origin := v.Origin(name); c.Origin != origin {
		return fmt.Errorf("the checkpoint is of %.320q, not of %s", c.Origin, origin)
	}
	if !v.signed(c.body, c.line, c.Origin) {
		return fmt.Errorf("the checkpoint of %s is not signed with the key of %s", name, v.house)
	}
	return nil
}

// signed reports whether sig, key id and signature, is v's over text.
func (v Verifier) signed(text, sig []byte, name string) bool {
	return v.key != nil && binary.BigEndian.Uint32(sig) == v.hash(name) && ed25519.Verify(v.key, text, sig[4:])
}

// Note returns the key as x/mod's note package wants it, in the name of a
// record's origin. Other C2SP software can be handed this.
func (v Verifier) Note(name Name) (note.Verifier, error) {
	vkey, err := note.NewEd25519VerifierKey(v.Origin(name), v.key)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(vkey)
}

// hash is the key id under a name, as C2SP signed-note says.
func (v Verifier) hash(name string) uint32 {
	b := make([]byte, 0, 400)
	b = append(b, name...)
	b = append(b, '\n', algEd25519)
	b = append(b, v.key...)
	sum := sha256.Sum256(b)
	return binary.BigEndian.Uint32(sum[:])
}

func keyText(house string, hash uint32, key []byte) string {
	return fmt.Sprintf("%s+%08x+%s", house, hash,
		base64.StdEncoding.EncodeToString(append([]byte{algEd25519}, key...)))
}

// parseKeyText reads house+hash+key; whether the hash is right is for the
// caller to see by writing the key again.
func parseKeyText(text string) (house string, key []byte, err error) {
	if len(text) > 400 {
		return "", nil, errKeyText
	}
	house, rest, _ := strings.Cut(text, "+")
	_, b64, _ := strings.Cut(rest, "+")
	if err := checkHouse(house); err != nil {
		return "", nil, err
	}
	b, err := decode64(nil, []byte(b64))
	if err != nil || len(b) != 1+ed25519.PublicKeySize || b[0] != algEd25519 {
		return "", nil, errKeyText
	}
	return house, b[1:], nil
}
