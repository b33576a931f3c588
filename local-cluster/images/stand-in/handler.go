package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"strings"
)

const (
	recordsPath = "/stand-in/records/"
	largest     = 1 << 20
)

func handler(s settings, store records, accessLog *log.Logger) http.Handler {
	mux := http.NewServeMux()
	for _, path := range s.probes {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok (stand-in)") })
	}
	mux.HandleFunc("/stand-in", func(w http.ResponseWriter, _ *http.Request) { describe(w, s) })
	mux.HandleFunc(recordsPath, func(w http.ResponseWriter, r *http.Request) {
		status := serveRecord(w, r, store)
		accessLog.Printf("%s %s %d", r.Method, r.URL.Path, status)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "this is a stand-in for "+s.service+", not the service; see /stand-in", http.StatusNotFound)
	})
	return mux
}

func describe(w http.ResponseWriter, s settings) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"standIn": true,
		"service": s.service,
		"data":    s.data,
		"can":     "answers the service's probes and keeps records: PUT and GET " + recordsPath + "KEY",
	})
}

// serveRecord answers the request and returns the status for the log.
func serveRecord(w http.ResponseWriter, r *http.Request, store records) int {
	key := strings.TrimPrefix(r.URL.Path, recordsPath)
	var value []byte
	var err error
	switch r.Method {
	case http.MethodPut:
		err = storeBody(http.MaxBytesReader(w, r.Body, largest), key, store)
	case http.MethodGet:
		value, err = store.get(key)
	default:
		w.Header().Set("Allow", "GET, PUT")
		err = errMethod
	}
	if err != nil {
		status := statusOf(err)
		http.Error(w, err.Error(), status)
		return status
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Write(value)
	return http.StatusOK
}

// storeBody keeps nothing of a body that breaks off.
func storeBody(body io.Reader, key string, store records) error {
	value, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	return store.put(key, value)
}

var errMethod = errors.New("only GET and PUT")

func statusOf(err error) int {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed
	case errors.Is(err, errKey):
		return http.StatusBadRequest
	case errors.Is(err, fs.ErrNotExist):
		return http.StatusNotFound
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusInternalServerError
}
