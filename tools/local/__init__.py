"""The whole service on one machine: AWS's interfaces by moto, the CDN's role, the queues' consumers, a mailbox."""
