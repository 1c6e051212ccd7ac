package plugin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A gitServer is a forge, as far as git is concerned.
type gitServer struct {
	*httptest.Server
	roots string // the file with the certificate to trust
}

// serveGit serves the folder that a bare repository is in. mise includes tasks
// over https and ssh only.
func serveGit(t *testing.T, bare string) gitServer {
	backend := filepath.Join(output(t, ".", "git", "--exec-path"), "git-http-backend")
	if _, err := os.Stat(backend); err != nil {
		t.Fatalf("the mise plugin cannot be tested without git's http backend: %v", err)
	}
	server := httptest.NewUnstartedServer(&cgi.Handler{
		Path: backend,
		Env:  []string{"GIT_PROJECT_ROOT=" + filepath.Dir(bare), "GIT_HTTP_EXPORT_ALL=1"},
	})
	certificate, root := certify(t)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.StartTLS()
	t.Cleanup(server.Close)

	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root}), 0o666); err != nil {
		t.Fatal(err)
	}
	return gitServer{server, roots}
}

// certify makes a certificate for this machine, and the one to trust for it. One
// that vouches for itself, as httptest has it, is not good enough for mise.
func certify(t *testing.T) (leaf tls.Certificate, root []byte) {
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "deploysite tests"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	host := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "127.0.0.1"},
		NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:    x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	authorityKey, hostKey := newKey(t), newKey(t)
	root = sign(t, authority, authority, authorityKey, authorityKey)
	return tls.Certificate{Certificate: [][]byte{sign(t, host, authority, hostKey, authorityKey)}, PrivateKey: hostKey}, root
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func sign(t *testing.T, certificate, by *x509.Certificate, key, with *ecdsa.PrivateKey) []byte {
	signed, err := x509.CreateCertificate(rand.Reader, certificate, by, &key.PublicKey, with)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}
