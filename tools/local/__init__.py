"""The whole service on one machine: AWS's interfaces from moto, the CDN's role, the queue's consumer, a mailbox."""
