"""Small adapters over AWS: the only modules in ``handlers`` that know boto3."""
