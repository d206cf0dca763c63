"""Keys of certificates, and what is made with them: stamps in QR codes, signatures in PDFs."""
